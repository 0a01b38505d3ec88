import { check, checkFloat32 } from '@kd/core';
import type { Check } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A mask of positions, as an option; its shape is checked where that of the features is known. */
export const maskOption: Check<Tensor> = check(
  'a float32 tensor of 0 and 1',
  ({ where, argument }, value: Tensor) => {
    checkFloat32(where, argument, value);
    return value;
  },
);
