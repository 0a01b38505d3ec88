import type { Tensor } from '@tensorflow/tfjs-core';

/** An operation with the shapes of its inputs and its name in a report. */
export interface Operation {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly f: (...inputs: Tensor[]) => Tensor;
}
