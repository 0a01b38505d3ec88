import { add, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { biasOf } from './bias-of.js';
import type { BiasCorrection } from './fit-bias-offsets.js';
import { readOffsets } from './read-offsets.js';

/**
 * The bias that a student would have after a correction: `bias + offsets`. The student is unchanged.
 *
 * @param model a built tfjs model; the layer that computes its logits has a bias; a softmax may follow
 * @param correction the result of `fitBiasOffsets`, or its offsets
 * @returns float32 `[N]`; the caller disposes it
 * @throws `KD_BIAS_MISSING` if the model has no such bias or one of another length; `KD_MODEL_UNSUPPORTED`,
 *   `KD_MODEL_CONVENTION` for other models; `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN` for an
 *   invalid correction
 *
 * @example
 * ```ts
 * import { biasWithOffsets } from '@kd/bias-correction';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const student = sequential({ layers: [layers.dense({ units: 3, inputShape: [2] })] });
 * const bias = biasWithOffsets(student, { offsets: [0, 3.5, 0] });
 * console.log(Array.from(await bias.data()).join(' '));
 * // 0 3.5 0
 * ```
 */
export function biasWithOffsets(model: LayersModel, correction: Pick<BiasCorrection, 'offsets'>): Tensor1D {
  const where = 'biasWithOffsets';
  const offsets = readOffsets(where, correction);
  const bias = biasOf(where, model, offsets.length);
  return tidy(() => add(bias, tensor1d([...offsets])));
}
