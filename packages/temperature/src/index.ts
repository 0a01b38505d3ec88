export { calibrationBins } from './calibration-bins.js';
export type { CalibrationBin } from './calibration-bins.js';
export { calibrateTemperature } from './calibrate-temperature.js';
export type { Calibration } from './calibrate-temperature.js';
export { expectedCalibrationError } from './expected-calibration-error.js';
export type { ExpectedCalibrationErrorOptions } from './confidence-bins.js';
export { logSoftmaxAtTemperature, softmaxAtTemperature } from './softmax-at-temperature.js';
export { temperature } from './temperature.js';
export type { Temperature } from './temperature.js';
