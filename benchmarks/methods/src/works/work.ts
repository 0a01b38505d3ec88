import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Digits } from '@kd-datasets/mnist';

/** A net with the layers that methods compare. */
export interface TappedNet {
  readonly model: LayersModel;
  /** Layers whose outputs are maps `[B, H, W, C]`, from shallow to deep. */
  readonly maps: readonly string[];
  /** The layer whose output `[B, D]` the classifier reads. */
  readonly features: string;
}

/** How a net learns. */
export interface Training {
  readonly epochs: number;
  readonly batchSize: number;
  /** The highest rate. */
  readonly learningRate: number;
}

/** A net and its training. */
export interface Learner {
  readonly net: (seed: number) => TappedNet;
  readonly training: Training;
}

/** Pictures in three parts that share none. */
export interface Pictures {
  /** What the teacher learns from; the student sees the first `students` of them. */
  readonly learning: Digits;
  /** Chooses the weight of a method. */
  readonly validation: Digits;
  readonly test: Digits;
}

/** What all methods are tried on. */
export interface Work {
  readonly name: string;
  readonly load: () => Promise<Pictures>;
  /** How many pictures the student learns from. */
  readonly students: number;
  readonly teacher: Learner;
  readonly student: Learner;
}
