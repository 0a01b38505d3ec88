import type { SelectedBackend } from '@kd/backend/node';
import type { Work } from './works.js';

/** What a peer is asked: to make steps of a work, the first of them untimed. */
export interface TimeRequest {
  readonly work: Work;
  readonly untimed: number;
  readonly steps: number;
  /** Ends the untimed steps, and then the timed ones, after this time even if there are fewer. */
  readonly seconds: number;
}

/** The times of steps. */
export interface Times {
  readonly type: 'times';
  readonly milliseconds: readonly number[];
  /** Whether the steps ran as calls of a compiled function; otherwise why not. */
  readonly compiled?: boolean | string;
}

/** What a peer says once it has started. */
export interface Ready {
  readonly type: 'ready';
  readonly about: string;
  /** Only of ours. */
  readonly backend?: SelectedBackend;
}

/** What a peer answers if it cannot do what it is asked; also the answer for a process that has ended. */
export interface Failure {
  readonly type: 'failure';
  readonly message: string;
}
