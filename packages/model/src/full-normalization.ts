import { ones, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Change } from './with-changed.js';

interface Weight {
  readonly shape: readonly (number | null)[];
}

/** Batch normalisation has statistics, layer normalisation a list of axes. */
interface Normalization {
  readonly scale: boolean;
  readonly center: boolean;
  readonly axis: number | readonly number[];
  readonly movingMean?: Weight;
  readonly gamma?: Weight | null;
  readonly beta?: Weight | null;
}

/**
 * What to change while batch or layer normalisation without a scale or without a center is applied: it gets
 * a scale of one, and an offset of zero.
 *
 * tfjs's batch normalisation reads both weights in training, whether it has them or not, and its tape fails
 * on missing inputs of the kernel.
 *
 * @param inputShape the shape of the layer's input, if known
 */
export function fullNormalization(part: object, inputShape?: readonly number[]): Change[] {
  if (!isNormalization(part) || (part.scale && part.center)) return [];
  const shape = shapeOfWeights(part, inputShape);
  if (shape === undefined) return [];
  const scale = { scale: true, gamma: { read: (): Tensor => ones(shape) } };
  const center = { center: true, beta: { read: (): Tensor => zeros(shape) } };
  return [{ target: part, values: { ...(part.scale ? {} : scale), ...(part.center ? {} : center) } }];
}

function shapeOfWeights(
  { movingMean, gamma, beta, axis }: Normalization,
  inputShape: readonly number[] | undefined,
): number[] | undefined {
  const known = (movingMean ?? gamma ?? beta)?.shape as number[] | undefined;
  return known ?? (inputShape && [axis].flat().map((index) => inputShape[index] as number));
}

// By members, because `instanceof` fails across two copies of tfjs-layers.
function isNormalization(part: object): part is Normalization {
  return ['scale', 'center', 'axis', 'epsilon'].every((name) => name in part);
}
