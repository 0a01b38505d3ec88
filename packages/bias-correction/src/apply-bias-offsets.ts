import { add, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { biasOf } from './bias-of.js';
import type { BiasCorrection } from './fit-bias-offsets.js';
import { readOffsets } from './read-offsets.js';

/**
 * Adds the offsets of a correction to the bias of a student's logits, in place: `bias <- bias + offsets`.
 *
 * No other weight changes. To keep the student unchanged, correct a copy: `forInference` of `@kd/recipe`
 * makes one.
 *
 * @param model a built tfjs model; the layer that computes its logits has a bias; a softmax may follow
 * @param correction the result of `fitBiasOffsets`, or its offsets
 * @throws as `biasWithOffsets`
 *
 * @example
 * ```ts
 * import { applyBiasOffsets } from '@kd/bias-correction';
 * import { ones, type Tensor } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const dense = layers.dense({ units: 3, inputShape: [1], kernelInitializer: 'ones' });
 * const student = sequential({ layers: [dense] });
 * applyBiasOffsets(student, { offsets: [0, 3.5, 0] });
 * console.log(Array.from(await (student.predict(ones([1, 1])) as Tensor).data()).join(' '));
 * // 1 4.5 1
 * ```
 */
export function applyBiasOffsets(model: LayersModel, correction: Pick<BiasCorrection, 'offsets'>): void {
  const where = 'applyBiasOffsets';
  const offsets = readOffsets(where, correction);
  const bias = biasOf(where, model, offsets.length);
  tidy(() => {
    bias.assign(add(bias, tensor1d([...offsets])));
  });
}
