export { alignClasses } from './align-classes.js';
export type { AlignClassesOptions } from './align-classes.js';
export { arraysTeacher } from './arrays-teacher.js';
export { channelsFirstTeacher } from './channels-first-teacher.js';
export { checkConvention } from './outputs/check-convention.js';
export type { ClassMap } from './class-groups.js';
export { ensembleTeacher } from './ensemble-teacher.js';
export type { EnsembleTeacherOptions } from './ensemble-teacher.js';
export { fitEnsembleWeights } from './fit-weights/fit-ensemble-weights.js';
export type {
  EnsembleMean,
  FitEnsembleWeightsOptions,
  FittedWeights,
} from './fit-weights/fit-ensemble-weights.js';
export { graphModelTeacher } from './graph-model-teacher.js';
export type { GraphModelTeacherOptions } from './graph-model-teacher.js';
export type { GraphModelLike } from './graph-model.js';
export { layersTeacher } from './layers-teacher.js';
export type { LayersTeacherOptions } from './layers-teacher.js';
export { onlineTeacher } from './online-teacher.js';
export { cachedTeacher } from './cached-teacher.js';
export type { NamedTeacherOutput, StatedOutputs, TeacherOutputs } from './outputs/stated.js';
export type { NamedAnswers, StoredAnswers } from './rows-by-id.js';
export { withInputs } from './with-inputs.js';
export type { WithInputsOptions } from './with-inputs.js';
