import type { NetShape } from './net.js';

/** How long and how fast a model learns; the rate falls to 0 along half a cosine wave. */
export interface Training {
  readonly epochs: number;
  /** Windows in a step. */
  readonly batchSize: number;
  readonly learningRate: number;
}

/** Everything that the experiment could do otherwise. */
export interface Settings {
  /** How many chapters of the novel there are, from the first on. */
  readonly chapters: number;
  /** Characters in a window. */
  readonly length: number;
  readonly teacher: { readonly shape: NetShape; readonly training: Training };
  readonly student: NetShape;
  readonly epochs: number;
  readonly batchSize: number;
  /** Tried for each kind of student, on validation chapters. */
  readonly learningRates: readonly number[];
  /** Weight of the teacher; the labels get the rest. */
  readonly softWeight: number;
  /** How many of the most likely characters are stored, in the arms with stored answers. */
  readonly topK: readonly number[];
  /** λ, the shares of batches that the student writes itself, in the arms on its own policy. */
  readonly shares: readonly number[];
  /** Characters of a window that the student is given in these batches. */
  readonly promptLength: number;
}

/** A transformer, and a student of a twentieth of its parameters. */
export const full: Settings = {
  chapters: 135,
  length: 64,
  teacher: {
    shape: { width: 128, blocks: 2, heads: 4 },
    training: { epochs: 10, batchSize: 16, learningRate: 0.002 },
  },
  student: { width: 32, blocks: 1, heads: 2 },
  epochs: 8,
  batchSize: 16,
  learningRates: [0.0025, 0.005, 0.01],
  softWeight: 0.9,
  topK: [1, 4, 8, 32],
  shares: [0.1, 0.3],
  promptLength: 16,
};

/** Seconds, to see that all runs. */
export const small: Settings = {
  ...full,
  chapters: 10,
  length: 16,
  teacher: {
    shape: { width: 16, blocks: 1, heads: 2 },
    training: { epochs: 1, batchSize: 64, learningRate: 0.005 },
  },
  student: { width: 8, blocks: 1, heads: 1 },
  epochs: 1,
  batchSize: 64,
  learningRates: [0.005, 0.01],
  topK: [4],
  shares: [0.1],
  promptLength: 8,
};
