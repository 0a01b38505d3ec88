import type { Job } from './jobs.js';
import type { JobProgress, Outcome } from './run-job.js';

/** What the parent says to a process. */
export type ToProcess = { readonly type: 'job'; readonly job: Job } | { readonly type: 'abort' };

/** What a process says to its parent. */
export type FromProcess =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'outcome'; readonly outcome: Outcome }
  | { readonly type: 'failure'; readonly message: string };
