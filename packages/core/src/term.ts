import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Named } from './batch.js';
import type { BuiltModules, Modules } from './module.js';
import type { Infos, PlacesOf, Reads, Values } from './reads.js';
import type { Schedule } from './schedule.js';

/**
 * What a term computes its loss from: what it reads, and nothing that changes from step to step but tensors.
 *
 * So the same loss runs eagerly and in a compiled step. Rows and positions that do not count for the term
 * (weight 0, no targets, masked) hold zeros, whatever was there.
 */
export interface TermBatch<R extends Reads = Reads, M extends Modules = Modules, S extends string = string> {
  readonly student: Values<R, 'student'>;
  readonly teacher: Values<R, 'teacher'>;
  readonly targets: { readonly [K in keyof PlacesOf<R, 'targets'>]: Tensor };
  readonly inputs: { readonly [K in keyof PlacesOf<R, 'inputs'>]: Tensor };
  /** Int32 `[B]`. */
  readonly rows: R extends { readonly rows: true } ? Tensor : undefined;
  readonly mask: R extends { readonly mask: true } ? Tensor | undefined : undefined;
  readonly datasetSize: Infos<R>['datasetSize'];
  readonly modules: BuiltModules<M>;
  /** The term's numbers and schedules at this step. */
  readonly scalars: Readonly<Record<S, Scalar>>;
  /** Uniform numbers in [0, 1): others in each call and step, the same again for the same seed of the run. */
  readonly random: (shape: readonly number[]) => Tensor;
  /** False while a validation measures the losses. */
  readonly training: boolean;
}

/** The loss of a term. */
export interface TermLoss<C extends Named = Named> {
  /** `[B]` for examples, `[B, ...]` for positions, a scalar if the term reduces the batch. */
  readonly values: Tensor;
  /** Of the shape of `values`, >= 0: how much each counts, on top of sample weights, labels and mask. */
  readonly weights?: Tensor;
  /** What `afterStep` needs, kept until then without a gradient. */
  readonly carry?: C;
}

/** What `afterStep` is given. */
export interface AfterStep<M = Modules, C = Named> {
  readonly modules: BuiltModules<M>;
  readonly carry: C;
}

/** One objective, as its author writes it. */
export interface TermDefinition<R extends Reads, M extends Modules, S extends string, C extends Named> {
  /** Unique in a recipe; used in logs, histories and errors. */
  readonly name: string;
  /** Factor of the term in the total; default 1. */
  readonly weight?: number | Schedule;
  readonly reads: R;
  /** `"example"`, the default: a value per example or position. `"batch"`: one relation of all examples. */
  readonly reduces?: 'example' | 'batch';
  readonly modules?: M;
  /** Numbers and schedules that the loss gets as scalar tensors. */
  readonly scalars?: Readonly<Record<S, number | Schedule>>;
  /**
   * Options that the loss depends on; a training resumes only with the same. Functions count by their name.
   */
  readonly settings?: object;
  /** Throws a `KdError` for what the recipe cannot know; it has checked places, families and classes. */
  check?(infos: Infos<R>): void;
  /** Pure and synchronous; called inside the tape. */
  loss(batch: TermBatch<R, M, S>): TermLoss<C>;
  /** Called after the step, outside the tape, once for each batch in their order. */
  afterStep?(after: AfterStep<M, C>): void;
}

/** A term as recipes take it: data and functions. `defineTerm` makes it; a wrapper changes a copy. */
export interface Term {
  readonly apiVersion: 1;
  readonly name: string;
  readonly weight: number | Schedule;
  readonly reads: Reads;
  readonly reduces: 'example' | 'batch';
  readonly modules: Modules;
  readonly scalars: Readonly<Record<string, number | Schedule>>;
  readonly settings: object;
  check?(infos: Infos): void;
  loss(batch: TermBatch): TermLoss;
  afterStep?(after: AfterStep): void;
}
