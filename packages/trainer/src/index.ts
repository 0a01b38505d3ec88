export type { Callback, CallbackLike } from './callbacks.js';
export type {
  EndEvent,
  EpochEvent,
  CompileEvent,
  StartEvent,
  StepEvent,
  StopReason,
  TrainEvent,
} from './events.js';
export type { EpochRecord, Measurements } from './history.js';
export { earlyStoppingOptions } from './stage.js';
export type { Stage, StageTraining, EarlyStopping } from './stage.js';
export type { StageRun } from './stage-run.js';
export type {
  CheckpointFiles,
  CheckpointOptions,
  CheckpointStore,
  StoredCheckpoint,
} from './checkpoint/store.js';
export { evaluate } from './evaluate.js';
export type { EvaluateOptions } from './evaluate.js';
export { classificationMetrics, valueMetrics } from './metrics.js';
export { loadCheckpointWeights } from './checkpoint/load-checkpoint-weights.js';
export type { LoadCheckpointWeightsOptions } from './checkpoint/load-checkpoint-weights.js';
export type { MeasuredOutput } from './measured-output.js';
export type { Metric } from './metrics.js';
export type { Metrics } from './metrics-by-output.js';
export { trainTogether } from './together/train-together.js';
export type { TogetherOptions } from './together/train-together.js';
export { train } from './train.js';
export type { Run } from './train.js';
export type { SharedOptions, TrainOptions, Validation, ValidationData } from './train-options.js';
export { trainStages } from './train-stages.js';
export { stagesOptions } from './stages-definition.js';
export type { StagesDefinition, StagesOptions } from './stages-definition.js';
export type { StagesRun } from './run-stages.js';
