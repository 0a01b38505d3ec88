import type { Failure } from '@kd-benchmarks/shared';

/**
 * What the process of a variant is asked: to time steps of a work, or to report the memory that they leave.
 */
export type Request =
  | { readonly type: 'time'; readonly work: string; readonly steps: number }
  | { readonly type: 'memory'; readonly work: string; readonly steps: number };

/** What a process holds at one moment. */
export interface Held {
  readonly step: number;
  readonly tensors: number;
  readonly heapBytes: number;
  /** Peak memory of the whole process so far. */
  readonly peakBytes: number;
}

/** What the process answers. */
export type Answer =
  | { readonly type: 'ready' }
  | { readonly type: 'times'; readonly milliseconds: readonly number[] }
  | { readonly type: 'memory'; readonly held: readonly Held[] }
  | Failure;
