export { curriculumTemperatureLoss } from './curriculum-temperature-loss.js';
export { curriculumTemperature } from './curriculum-temperature.js';
export type { CurriculumTemperatureOptions } from './curriculum-temperature.js';
