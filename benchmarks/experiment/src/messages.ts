/** How far a training is. */
export interface JobProgress {
  /** Share of the training that is done, if it uses all its epochs. */
  readonly share: number;
  readonly epoch: number;
  readonly loss: number;
}

/** What the parent says to a process. */
export type ToProcess<Job> = { readonly type: 'job'; readonly job: Job } | { readonly type: 'abort' };

/** What a process says to its parent. */
export type FromProcess<Outcome> =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'outcome'; readonly outcome: Outcome }
  | { readonly type: 'failure'; readonly message: string };
