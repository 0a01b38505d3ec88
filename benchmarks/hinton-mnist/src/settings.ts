import type { Training } from './job.js';

/** A training of teachers, tried with rates of dropout on the validation digits. */
export interface TriedTraining {
  readonly training: Training;
  /** Which is best depends on how long a teacher trains. */
  readonly dropouts: readonly number[];
}

/** Everything that the experiment could do otherwise. */
export interface Settings {
  /** Digits that teachers and students learn from. */
  readonly size: number;
  /** Digits that they learn from while the settings are chosen on the validation digits. */
  readonly trialSize: number;
  readonly teacher: {
    readonly units: number;
    readonly maxNorm: number;
    /** In pixels. */
    readonly shift: number;
    /** The best of the first ones teaches the trials of students, that of the last ones has the dropout. */
    readonly trials: readonly [first: TriedTraining, last: TriedTraining];
    readonly training: Training;
    /** Epochs of teachers that learn less, and so fit even their training digits badly. */
    readonly fewerEpochs: readonly number[];
  };
  /** Units in each of the student's hidden layers; the first is the student of the table. */
  readonly units: readonly [number, ...number[]];
  readonly temperatures: readonly number[];
  /** The temperature of the table, and of all trials. */
  readonly temperature: number;
  /** Weight of the soft targets; the labels get the rest. */
  readonly softWeight: number;
  /** Share of the digits in the experiment with few digits. */
  readonly share: number;
  /**
   * Tried for each kind of student, on labels as on soft targets: each rate for the first number of epochs,
   * then the best rate for the others.
   */
  readonly trials: {
    readonly learningRates: readonly number[];
    readonly epochs: readonly [number, ...number[]];
  };
  readonly batchSize: number;
}

const teacher = { batchSize: 128, learningRate: 0.001 };

/** The paper's nets. It names neither optimizer nor epochs nor the rates of dropout. */
export const full: Settings = {
  size: 60_000,
  trialSize: 50_000,
  teacher: {
    units: 1200,
    maxNorm: 3,
    shift: 2,
    trials: [
      { training: { ...teacher, epochs: 40 }, dropouts: [0.2, 0.3, 0.5] },
      { training: { ...teacher, epochs: 150 }, dropouts: [0.1, 0.2, 0.3, 0.5] },
    ],
    training: { ...teacher, epochs: 300 },
    fewerEpochs: [5, 20],
  },
  units: [800, 300, 30],
  temperatures: [1, 2.5, 4, 8, 20, 40],
  temperature: 20,
  softWeight: 0.9,
  share: 0.03,
  trials: { learningRates: [0.0003, 0.001, 0.003, 0.01], epochs: [20, 60] },
  batchSize: 128,
};

/** Seconds, to see that all runs. */
export const small: Settings = {
  ...full,
  size: 2000,
  trialSize: 1000,
  teacher: {
    ...full.teacher,
    units: 48,
    trials: [
      { training: { ...teacher, epochs: 2 }, dropouts: [0.1] },
      { training: { ...teacher, epochs: 4 }, dropouts: [0.1] },
    ],
    training: { ...teacher, epochs: 8 },
    fewerEpochs: [2],
  },
  units: [32, 8],
  temperatures: [2.5, 20],
  trials: { learningRates: [0.003], epochs: [3, 4] },
};
