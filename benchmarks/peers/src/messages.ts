import type { Failure } from '@kd-benchmarks/shared';

/** Times of some steps in a row. */
export interface Turn {
  readonly milliseconds: readonly number[];
  /**
   * The same steps from the end of the previous one to their own end: with the batch made from the data in
   * memory, and with events. Ours only.
   */
  readonly whole?: readonly number[];
  /** Ours only: true if steps run as one call, the reason if they cannot; undefined if it was not tried. */
  readonly compiled?: true | string | undefined;
}

/** What a process of ours is asked: to make steps of a work, or to say what it holds. */
export type Request =
  { readonly type: 'turn'; readonly work: string; readonly steps: number } | { readonly type: 'held' };

/** What a process holds at one moment. */
export interface Held {
  readonly tensors: number;
  /** Tensors in TensorFlow; undefined on another backend. */
  readonly handles?: number | undefined;
  /** Functions in TensorFlow; undefined on another backend. */
  readonly functions?: number | undefined;
  readonly rssBytes: number;
  /** Peak memory of the process so far. */
  readonly peakBytes: number;
}

/** What the process answers. */
export type Answer =
  | { readonly type: 'ready'; readonly device: string }
  | ({ readonly type: 'turn' } & Turn)
  | ({ readonly type: 'held' } & Held)
  | Failure;
