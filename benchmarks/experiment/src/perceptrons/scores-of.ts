import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Digits } from '@kd-datasets/mnist';
import { pixels } from '@kd-datasets/mnist';

/** The logits of a net for all digits, `[size, 10]`; the caller disposes them. */
export function scoresOf(model: LayersModel, { images, size }: Digits): Tensor {
  return tidy(() => model.predict(tensor(images, [size, pixels]), { batchSize: 500 }) as Tensor);
}
