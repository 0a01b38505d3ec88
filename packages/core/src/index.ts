export { askTeacher, describeTeacher } from './ask-teacher.js';
export { tensorsOfBatch } from './batch.js';
export type { Batch, Named, Targets } from './batch.js';
export { convention, conventions } from './convention.js';
export type { Convention, ConventionMeaning, Family } from './convention.js';
export { defineTerm } from './define-term.js';
export type { ContinuableLayer, NextValues, SeenPositions } from './continuable-layer.js';
export { checkBackend } from './check-backend.js';
export { checkFeaturePair, checkFeatures, featureMaps, rowsOfFeatures } from './check-features.js';
export type { FeatureShape } from './check-features.js';
export {
  checkClassIds,
  checkClassTensor,
  checkFloat32,
  checkShape,
  checkTeacherAndStudent,
  checkTensor,
} from './check-tensor.js';
export { describeShape, describeValue } from './describe-value.js';
export type { ErrorCodes } from './error-codes.js';
export { seedNumber, seedOption, seedTensor } from './draws/seed.js';
export type { Seed } from './draws/seed.js';
export { seededNormal } from './draws/seeded-normal.js';
export { seededUniform } from './draws/seeded-uniform.js';
export { fusedKernel } from './fused-kernel.js';
export { errorAt, KdError } from './kd-error.js';
export type { KdErrorParts } from './kd-error.js';
export { defineModule, frozen } from './module.js';
export type { Built, BuiltModules, LayerLike, Module, ModuleInfos, Modules, Part, Parts } from './module.js';
export type { NamedWeight } from './named-weight.js';
export { namesByLikeness, nearestNames } from './nearest-names.js';
export { offTape, withGradient } from './gradients.js';
export { compileOption } from './optimizer.js';
export type {
  CompilableOptimizer,
  Compile,
  LayerwiseOptimizer,
  OptimizerState,
  ResumableOptimizer,
  TimedOptimizer,
} from './optimizer.js';
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
  temperatureOption,
  text,
  whole,
} from './options/checks.js';
export { either, list, nested, record } from './options/compound.js';
export { optionsOf } from './options/options-of.js';
export type { Described, FieldsOf, Options, Settings } from './options/options-of.js';
export { namedOutputOptions, namedOutputs, onlyOutput, outputConventions } from './output-conventions.js';
export type { NamedOutput, OutputConventions } from './output-conventions.js';
export { isOutput } from './reads.js';
export type { Infos, Member, Output, Place, Reads, TargetPlace } from './reads.js';
export { valueAt } from './schedule.js';
export type { Schedule, TrainingTime } from './schedule.js';
export { selected } from './selected.js';
export { setStepFunctions, stepFunctions } from './step-functions.js';
export type { Computation, Computed, StepFunction, StepFunctions, Trace } from './step-functions.js';
export { stepRunner } from './step-runner.js';
export type { Description, StepRunner } from './step-runner.js';
export { softmaxDivergence } from './softmax-divergence.js';
export { subSeed } from './sub-seed.js';
export { signOf } from './sign-of.js';
export type { OutputInfo, Shape, ValueInfo } from './shape.js';
export { batchNormalized } from './batch-normalized.js';
export { poolToEqual } from './pool-to-equal.js';
export { checkTapPair, tapPairFields, tapPairOptions } from './tap-pair.js';
export type { TapPairOptions, TapPairReads } from './tap-pair.js';
export { checkTap, describeTap, tap } from './tap.js';
export type { Tap } from './tap.js';
export { teacher, tensorsOfAnswer } from './teacher.js';
export type { Teacher, TeacherAnswer, TeacherDescription, TeacherMember, TeacherRequest } from './teacher.js';
export { termOptions } from './term-options.js';
export type { TermOptions } from './term-options.js';
export type { AfterStep, Term, TermBatch, TermDefinition, TermLoss } from './term.js';
export { unitVectors } from './unit-vectors.js';
export { vectorLengths } from './vector-lengths.js';
export { valueAtPath } from './value-at-path.js';
