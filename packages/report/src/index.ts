export type { ReportedEpoch, ReportedRun, ReportedStage, ReportedStep } from './reported-run.js';
export { runOf } from './run-of.js';
