export type { TwoStageOptions } from './options.js';
export type { TwoStageRecipe } from './recipe.js';
export type { DistillationTraining, TwoStageTraining } from './stage-training.js';
export { trainInTwoStages } from './train-in-two-stages.js';
