// What a process that trains says. Commits of one side and the other must understand it, so it only grows.

/** The name and the shape of a weight; their numbers stand one after the other in a file. */
export interface WeightPlace {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What it is asked: to train once, from the start. */
export interface Request {
  readonly type: 'train';
}

/** How long the steps of a training took. */
export interface StepTimes {
  /** From the end of each step to that of the next: batches, teacher, checkpoints and all are in it. */
  readonly milliseconds: readonly number[];
  /** What the processors spent on the same steps, in all threads of the process together. */
  readonly processorMilliseconds: readonly number[];
}

/** What it answers. */
export type Answer =
  | { readonly type: 'ready' }
  /** It knows no such recipe. */
  | { readonly type: 'unknown' }
  | ({
      readonly type: 'trained';
      readonly weights: readonly WeightPlace[];
      /** A file of float32, little-endian. */
      readonly file: string;
      /** SHA-256 of the file. */
      readonly sha256: string;
    } & StepTimes)
  | { readonly type: 'failure'; readonly message: string };

/** The backends by the names that the command line has for them. */
export const backends = ['cpu', 'wasm', 'native'] as const;

export type Backend = (typeof backends)[number];
