import type { Teacher } from '@kd/core';
import type { Student } from '@kd/recipe';
import type { Stage } from './stage.js';
import type { SharedOptions, ValidationData } from './train-options.js';

/** A student, perhaps a teacher, and what is done with them one after the other. */
export interface StagesDefinition {
  readonly student: Student;
  readonly teacher?: Teacher;
  /** At least one. */
  readonly stages: readonly Stage[];
}

/** Options of `trainStages`. */
export interface StagesOptions extends SharedOptions {
  /** With it, each stage ends with the weights of its best epoch; `stopping` of a stage says what is best. */
  readonly validation?: ValidationData;
}
