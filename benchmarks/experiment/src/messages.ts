/** The progress of a training. */
export interface JobProgress {
  /** Share of the training that is done, assuming that it uses all its epochs. */
  readonly share: number;
  readonly epoch: number;
  readonly loss: number;
}

/** What the parent sends to a process. */
export type ToProcess<Job> = { readonly type: 'job'; readonly job: Job } | { readonly type: 'abort' };

/** What a process sends to its parent. */
export type FromProcess<Outcome> =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'outcome'; readonly outcome: Outcome }
  | { readonly type: 'failure'; readonly message: string };
