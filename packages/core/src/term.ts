import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Targets } from './batch.js';
import type { Convention } from './convention.js';
import type { Module, ModuleState } from './module.js';
import type { Schedule, TrainingTime } from './schedule.js';
import type { Tap } from './tap.js';
import type { TeacherMember } from './teacher.js';
import type { TermShapes } from './term-shapes.js';

/** What a term needs beside the student. */
export type TermNeed = 'teacher' | 'targets' | 'ids' | 'datasetSize' | 'mask';

/** What a term computes its loss from. Taps are in the order in which the term lists them. */
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
  /** State of the term's modules by the module's name. */
  readonly modules: Readonly<Record<string, ModuleState>>;
}

/** The loss of a term. */
export interface TermLoss {
  /** `[B]` for `reduces: "example"`, a scalar for `"batch"`. */
  readonly values: Tensor;
  /** Float32 `[B]`, >= 0: the weight of each example in this term beside its sample weight. */
  readonly weights?: Tensor;
}

/**
 * One objective that a student is trained on. Implement it to publish a method.
 *
 * The recipe computes `sum(weight * l * w) / sum(w)` over the batch, where `w` is the sample weight times the term's own.
 */
export interface Term {
  readonly apiVersion: 1;
  /** Unique in a recipe; in logs, histories and errors. */
  readonly name: string;
  /** Factor of the term in the total; default 1. */
  readonly weight?: number | Schedule;
  /** Values of middle layers that the loss needs beside the outputs. */
  readonly taps?: { readonly student?: readonly Tap[]; readonly teacher?: readonly Tap[] };
  /**
   * Whether the loss reads the outputs of student or teacher; default true. Where no term does, neither model is run further than its
   * taps, and the outputs are not there.
   */
  readonly usesOutputs?: boolean;
  /** `"example"`: one value per example. `"batch"`: a relation between examples, for which sample weights are an error. */
  readonly reduces: 'example' | 'batch';
  readonly needs?: readonly TermNeed[];
  /** Regressors, memory banks: built once, trained and saved with the student, may be shared between terms. */
  readonly modules?: readonly Module[];
  /** Options on which the loss depends: a training goes on from a checkpoint only if they are the same. Schedules as they are. */
  readonly settings?: Readonly<Record<string, boolean | number | string | null | Schedule>>;
  /** Throws a `KdError` for shapes or conventions that the loss cannot use. Called once, before the first step. */
  check?(shapes: TermShapes): void;
  /** Rejects with a `KdError` for targets that are no targets (a label out of range). Called outside the tape, before the step. */
  checkBatch?(targets: Targets, shapes: TermShapes): Promise<void>;
  /** Pure and synchronous, called once a step inside the tape. */
  loss(batch: TermBatch): TermLoss;
  /** Called after the step, outside the tape. */
  afterStep?(batch: TermBatch): void;
}
