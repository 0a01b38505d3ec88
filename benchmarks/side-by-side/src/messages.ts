import type { Recipe } from './runs.js';

/** What the process of a peer is asked: to prepare a run, to make steps, to write its weights. */
export type Request =
  | { readonly type: 'start'; readonly folder: string; readonly recipe: Recipe }
  | { readonly type: 'steps'; readonly count: number }
  | { readonly type: 'finish'; readonly file: string };

/** Steps in a row. */
export interface Steps {
  readonly losses: readonly number[];
  /** From handing over the batch to having read the loss. */
  readonly milliseconds: readonly number[];
}

/** What a process answers, after `about` once it has started. */
export interface Answers {
  readonly start: object;
  readonly steps: Steps;
  /** Its peak memory so far. */
  readonly finish: { readonly peakBytes: number };
}
