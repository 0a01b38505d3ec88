export type { DistillationTraining, TwoStageOptions, TwoStageTraining } from './options.js';
export { trainInTwoStages } from './train-in-two-stages.js';
