import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Targets } from './batch.js';
import type { Convention } from './convention.js';
import type { Module, ModuleState } from './module.js';
import type { Schedule, TrainingTime } from './schedule.js';
import type { Tap } from './tap.js';
import type { TeacherMember } from './teacher.js';
import type { TermShapes } from './term-shapes.js';

/** What a term needs besides the student. */
export type TermNeed = 'teacher' | 'targets' | 'ids' | 'datasetSize' | 'mask';

/** The data that a term computes its loss from. Taps are in the order in which the term lists them. */
export interface TermBatch {
  readonly student: {
    readonly output: Tensor;
    readonly convention: Convention;
    readonly taps: readonly Tensor[];
  };
  readonly teacher?: {
    readonly members: readonly TeacherMember[];
    readonly convention: Convention;
    readonly taps: readonly Tensor[];
  };
  readonly batch: Batch;
  readonly time: TrainingTime;
  /** State of the term's modules, by module name. */
  readonly modules: Readonly<Record<string, ModuleState>>;
}

/** The loss of a term. */
export interface TermLoss {
  /** `[B]` for `reduces: "example"`, a scalar for `"batch"`. */
  readonly values: Tensor;
  /** Float32 `[B]`, >= 0: the weight of each example in this term, on top of its sample weight. */
  readonly weights?: Tensor;
}

/**
 * One objective for training a student. Implement it to publish a method.
 *
 * The recipe computes `sum(weight * l * w) / sum(w)` over the batch, `w` being the sample weight times the
 * term's weight of the example.
 */
export interface Term {
  readonly apiVersion: 1;
  /** Unique in a recipe; used in logs, histories and errors. */
  readonly name: string;
  /** Factor of the term in the total; default 1. */
  readonly weight?: number | Schedule;
  /** Values of middle layers that the loss reads besides the outputs. */
  readonly taps?: { readonly student?: readonly Tap[]; readonly teacher?: readonly Tap[] };
  /**
   * Whether the loss reads outputs; default true. If no term does, both models stop after their last tap, and
   * the outputs are absent.
   */
  readonly usesOutputs?: boolean;
  /** `"example"`: one value per example. `"batch"`: a relation between examples, without sample weights. */
  readonly reduces: 'example' | 'batch';
  readonly needs?: readonly TermNeed[];
  /** Regressors, memory banks: built once, trained and saved with the student. Terms may share them. */
  readonly modules?: readonly Module[];
  /** Options that the loss depends on; a training resumes only with the same. Pass schedules themselves. */
  readonly settings?: Readonly<Record<string, boolean | number | string | null | Schedule>>;
  /** Throws a `KdError` for shapes or conventions that the loss does not support, before the first step. */
  check?(shapes: TermShapes): void;
  /** Rejects with a `KdError` for invalid targets, such as a label out of range. Called before the step. */
  checkBatch?(targets: Targets, shapes: TermShapes): Promise<void>;
  /** Pure and synchronous; called once per step inside the tape. */
  loss(batch: TermBatch): TermLoss;
  /** Called after the step, outside the tape. */
  afterStep?(batch: TermBatch): void;
}
