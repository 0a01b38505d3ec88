export { ensembleTeacher } from './ensemble-teacher.js';
export type { EnsembleTeacherOptions } from './ensemble-teacher.js';
export { layersTeacher } from './layers-teacher.js';
export type { LayersTeacherOptions } from './layers-teacher.js';
export { rememberingTeacher } from './remembering-teacher.js';
