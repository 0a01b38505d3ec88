import type { Tensor } from '@tensorflow/tfjs-core';
import { check, checkTensor } from '@kd/core';
import type { Check } from '@kd/core';

/** A tensor among the targets of a loss. */
export const liveTensor: Check<Tensor> = check<Tensor>('a live tensor', ({ where, argument }, value) => {
  checkTensor(where, argument, value);
  return value;
});
