export type { EvaluateRequest, Evaluation } from './evaluate.js';
export { forInference } from './for-inference.js';
export { buildObjective } from './objective.js';
export type { Objective, ObjectiveOptions } from './objective.js';
export { defineRecipe } from './recipe.js';
export type { Recipe, Student } from './recipe.js';
