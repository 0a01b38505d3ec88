export { tensorsOfBatch } from './batch.js';
export type { Batch, Named, Targets } from './batch.js';
export { convention, conventions } from './convention.js';
export type { Convention, ConventionMeaning } from './convention.js';
export { checkFeaturePair, checkFeatures } from './check-features.js';
export type { FeatureShape } from './check-features.js';
export {
  checkClassTensor,
  checkFloat32,
  checkShape,
  checkTeacherAndStudent,
  checkTensor,
} from './check-tensor.js';
export { describeShape, describeValue } from './describe-value.js';
export type { ErrorCodes } from './error-codes.js';
export { fusedKernel } from './fused-kernel.js';
export { errorAt, KdError } from './kd-error.js';
export type { KdErrorParts } from './kd-error.js';
export type { Module, ModuleState } from './module.js';
export type { NamedWeight } from './named-weight.js';
export { namesByLikeness, nearestNames } from './nearest-names.js';
export { offTape, withGradient } from './gradients.js';
export type { LayerwiseOptimizer, OptimizerState, ResumableOptimizer, TimedOptimizer } from './optimizer.js';
export { check, optionFault, unchecked } from './options/check.js';
export type { Check, OptionPath, Presence } from './options/check.js';
export {
  abortSignal,
  boolean,
  finite,
  fn,
  fraction,
  like,
  nonNegative,
  numberIn,
  oneOf,
  positive,
  scheduled,
  text,
  whole,
} from './options/checks.js';
export { either, list, nested, record } from './options/compound.js';
export { optionsOf } from './options/options-of.js';
export type { Described, FieldsOf, Options, Settings } from './options/options-of.js';
export { valueAt } from './schedule.js';
export type { Schedule, TrainingTime } from './schedule.js';
export { selected } from './selected.js';
export { subSeed } from './sub-seed.js';
export { signOf } from './sign-of.js';
export { checkTapPair, tapPairFields, tapPairOf, tapPairOptions } from './tap-pair.js';
export type { TapPairOptions } from './tap-pair.js';
export { checkTap, describeTap, tap } from './tap.js';
export type { Tap } from './tap.js';
export { teacher } from './teacher.js';
export type {
  OutputDescription,
  Shape,
  Teacher,
  TeacherDescription,
  TeacherMember,
  TeacherPrediction,
} from './teacher.js';
export { termOptions } from './term-options.js';
export type { TermOptions } from './term-options.js';
export type { TermShapes } from './term-shapes.js';
export type { Term, TermBatch, TermLoss, TermNeed } from './term.js';
export { valueAtPath } from './value-at-path.js';
