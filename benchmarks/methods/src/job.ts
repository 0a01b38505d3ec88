import type { JobOutcome, PoolJob, Weights } from '@kd-benchmarks/experiment';
import type { Pictured } from './options.js';

/** What every job needs to know to make the work again in its process. */
export interface WorkJob extends PoolJob {
  readonly work: Pictured;
}

/** Trains the teacher. */
export interface TeacherJob extends WorkJob {
  readonly kind: 'teacher';
}

/** Searches the weight of a method, and trains it with the one chosen. */
export interface MethodJob extends WorkJob {
  readonly kind: 'method';
  readonly method: string;
  readonly teacher: Weights;
  readonly seeds: readonly number[];
}

/** Times the steps of a method. */
export interface CostJob extends WorkJob {
  readonly kind: 'cost';
  readonly method: string;
  readonly teacher: Weights;
  readonly candidate: number;
  readonly steps: number;
}

export type Job = TeacherJob | MethodJob | CostJob;

/** What the search and the trainings of a method have given, in per cent. */
export interface MethodResult {
  /** Accuracy on the validation set by the number tried. */
  readonly search: readonly { readonly candidate: number; readonly validation: number }[];
  readonly chosen: number;
  readonly students: readonly { readonly seed: number; readonly validation: number; readonly test: number }[];
}

/** What a step costs. */
export interface Cost {
  /** Median. */
  readonly milliseconds: number;
  /** The largest resident memory of the process, in MiB. */
  readonly memory: number;
}

export interface Outcome extends JobOutcome {
  readonly weights?: Weights;
  readonly test?: number;
  readonly result?: MethodResult;
  readonly cost?: Cost;
}
