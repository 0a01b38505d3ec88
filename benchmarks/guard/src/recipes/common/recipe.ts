import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The size of a training. */
export interface Size {
  /** Examples per batch. */
  readonly batch: number;
  /** Batches per epoch. */
  readonly batches: number;
  readonly epochs: number;
  /** Units in each layer of the student; a convolution has an eighth as many filters. */
  readonly width: number;
  /** Side of an image in pixels. */
  readonly side: number;
}

/** A training that gives the same result every time. */
export interface GuardRecipe {
  readonly name: string;
  /**
   * Trains from the start. Calls back on each step, and returns the models that it trained, always in the
   * same order.
   */
  readonly run: (size: Size, onStep: () => void) => Promise<readonly LayersModel[]>;
}
