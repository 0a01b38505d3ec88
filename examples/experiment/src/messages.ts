import type { JobProgress } from './process-pool.js';

/** What the parent says to a process. */
export type ToProcess<Job> = { readonly type: 'job'; readonly job: Job } | { readonly type: 'abort' };

/** What a process says to its parent. */
export type FromProcess<Outcome> =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'outcome'; readonly outcome: Outcome }
  | { readonly type: 'failure'; readonly message: string };
