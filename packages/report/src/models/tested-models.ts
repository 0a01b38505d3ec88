/** Numbers in row-major order, with their shape. Plain arrays, as in parsed JSON, are welcome too. */
export interface ShapedNumbers {
  readonly values: readonly number[] | Float32Array | Uint8Array;
  readonly shape: readonly number[];
}

/** What a model answered on a test set, and what it costs; exactly one of `logits` and `probabilities`. */
export interface ModelAnswers {
  /** `[n, N]`, finite. */
  readonly logits?: ShapedNumbers;
  /** `[n, N]`, at least 0, with rows that sum to one. */
  readonly probabilities?: ShapedNumbers;
  /** Number of parameters, a whole number >= 0. */
  readonly parameters?: number;
  /** Size of the model as it is shipped, a whole number >= 0. */
  readonly bytes?: number;
  /** Time for one example, >= 0. */
  readonly millisecondsPerExample?: number;
}

/** Inputs for which a page shows what each model thinks of all classes. */
export interface TestPictures {
  /** Their rows in the test set, from 0. `[k]` */
  readonly rows: readonly number[];
  /** `[k, height, width]` in grey, or with 1 or 3 channels as a fourth axis; in [0, 1], sides up to 256. */
  readonly images: ShapedNumbers;
  /** The temperature of the probabilities, > 0; that of the distillation shows what the student saw. */
  readonly temperature: number;
  /** How the inputs were chosen, in a sentence. */
  readonly chosen?: string;
}

/** Models on one test set of n examples and N classes. */
export interface TestedModels {
  /** The class of each example, from 0 to N-1. `[n]` */
  readonly labels: readonly number[] | Int32Array | Uint8Array;
  /** Names of the classes, all different; by default their numbers. `[N]` */
  readonly classes?: readonly string[];
  /** The answers by the name of the model, in the order of the page. */
  readonly answers: Readonly<Record<string, ModelAnswers>>;
  readonly pictures?: TestPictures;
}
