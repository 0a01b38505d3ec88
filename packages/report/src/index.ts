export { confusionMatrix } from './models/confusion-matrix.js';
export type { ModelAnswers, ShapedNumbers, TestedModels, TestPictures } from './models/tested-models.js';
export type { ReportedEpoch, ReportedRun, ReportedStage, ReportedStep } from './reported-run.js';
export { runOf } from './run-of.js';
