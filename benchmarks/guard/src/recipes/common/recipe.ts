import type { LayersModel } from '@tensorflow/tfjs-layers';

/** How large a training is. */
export interface Size {
  /** Examples of a batch. */
  readonly batch: number;
  /** Batches of an epoch. */
  readonly batches: number;
  readonly epochs: number;
  /** Units of a layer of the student; a convolution has an eighth of them as filters. */
  readonly width: number;
  /** Pixels along a side of an image. */
  readonly side: number;
}

/** A training that is the same each time it is run. */
export interface GuardRecipe {
  readonly name: string;
  /**
   * Trains from the start; tells of each step, and gives the models that it trained in an order that never
   * changes.
   */
  readonly run: (size: Size, onStep: () => void) => Promise<readonly LayersModel[]>;
}
