/** The sizes of the work, and the recipe that all peers follow. */
export interface Settings {
  /** Digits that the teacher learns from. */
  readonly teacherDigits: number;
  readonly teacherEpochs: number;
  /** Units in each of the two hidden layers. */
  readonly units: { readonly teacher: number; readonly student: number };
  readonly batchSize: number;
  /** Different batches, which take turns in the same order. */
  readonly batches: number;
  readonly steps: number;
  /** Digits on which errors are counted. */
  readonly testDigits: number;
  readonly temperature: number;
  /** Weight of the soft targets; the labels have the rest. */
  readonly softWeight: number;
  readonly sgd: { readonly learningRate: number; readonly momentum: number };
  readonly adam: { readonly learningRate: number; readonly epsilon: number };
}

export const full: Settings = {
  teacherDigits: 20_000,
  teacherEpochs: 3,
  units: { teacher: 400, student: 100 },
  batchSize: 128,
  batches: 50,
  steps: 200,
  testDigits: 10_000,
  temperature: 4,
  softWeight: 0.9,
  sgd: { learningRate: 0.02, momentum: 0.9 },
  adam: { learningRate: 0.001, epsilon: 1e-8 },
};

/** Seconds, to see that all runs. */
export const small: Settings = {
  ...full,
  teacherDigits: 640,
  teacherEpochs: 2,
  units: { teacher: 16, student: 8 },
  batchSize: 32,
  batches: 3,
  steps: 5,
  testDigits: 200,
};
