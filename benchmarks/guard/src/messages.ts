// The messages of a process that trains. Commits on both sides must understand them, so only add to them.

/** The name and the shape of a weight; the numbers of all weights follow each other in a file. */
export interface WeightPlace {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Asks a process to train once, from the start. */
export interface Request {
  readonly type: 'train';
}

/** How long the steps of a training took. */
export interface StepTimes {
  /** From the end of each step to the end of the next, which includes batches, teacher and checkpoints. */
  readonly milliseconds: readonly number[];
  /** The time that the processors spent on the same steps, summed over all threads of the process. */
  readonly processorMilliseconds: readonly number[];
}

/** What the process answers. */
export type Answer =
  | { readonly type: 'ready' }
  /** The process does not know the recipe. */
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

/** The names of the backends on the command line. */
export const backends = ['cpu', 'wasm', 'native'] as const;

export type Backend = (typeof backends)[number];
