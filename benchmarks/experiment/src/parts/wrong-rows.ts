import { argMax, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Digits } from '@kd-datasets/mnist';
import { imageShapeOf } from '../evaluate.js';
import { asBits } from './bits.js';

/** The logits of a net for all digits, `[size, 10]`; the caller disposes them. */
export function logitsOf(model: LayersModel, { images, size }: Digits): Tensor {
  return tidy(
    () => model.predict(tensor(images, [size, ...imageShapeOf(model)]), { batchSize: 500 }) as Tensor,
  );
}

/** The digits that a net gets wrong, as bits. */
export async function wrongRows(model: LayersModel, digits: Digits): Promise<string> {
  const guesses = tidy(() => argMax(logitsOf(model, digits), 1));
  const answers = await guesses.data();
  guesses.dispose();
  const rows = Array.from(answers.keys()).filter((row) => answers[row] !== digits.labels[row]);
  return asBits(rows, digits.size);
}
