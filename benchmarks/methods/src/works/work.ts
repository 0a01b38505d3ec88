import type { Optimizer } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Augmentation } from '@kd/data';

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
  /** The optimizer of a stage of so many epochs, with its usual rates times a factor. */
  readonly optimizer: (epochs: number, factor: number) => Optimizer;
  /** What happens to each picture, anew in each epoch. */
  readonly augmentations?: readonly Augmentation[];
}

/** A net and its training. */
export interface Learner {
  readonly net: (seed: number) => TappedNet;
  readonly training: Training;
}

/** Pictures of equal size, and their classes. */
export interface Pictures {
  readonly size: number;
  readonly images: Float32Array;
  readonly labels: Int32Array;
  readonly ids: readonly string[];
}

/** Pictures in three parts that share none. */
export interface Parts {
  /** What the teacher learns from; the student sees the first `students` of them. */
  readonly learning: Pictures;
  /** Chooses the weight of a method. */
  readonly validation: Pictures;
  readonly test: Pictures;
}

/** What all methods are tried on. */
export interface Work {
  readonly name: string;
  readonly load: () => Promise<Parts>;
  /** How many pictures the student learns from. */
  readonly students: number;
  readonly teacher: Learner;
  readonly student: Learner;
}

/** The pictures from one to before another. */
export function part({ size, images, labels, ids }: Pictures, from: number, to: number): Pictures {
  const numbers = images.length / size;
  return {
    size: to - from,
    images: images.slice(from * numbers, to * numbers),
    labels: labels.slice(from, to),
    ids: ids.slice(from, to),
  };
}
