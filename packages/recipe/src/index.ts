export type { EvaluateRequest, Evaluation } from './evaluate.js';
export { forInference } from './for-inference.js';
export { buildObjective } from './objective.js';
export type { Objective, ObjectiveOptions } from './objective.js';
export { checkLearns, defineRecipe } from './recipe.js';
export type { Recipe } from './recipe.js';
export { student } from './student.js';
export type { Student } from './student.js';
