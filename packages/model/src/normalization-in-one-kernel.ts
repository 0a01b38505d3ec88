import { mul, reshape, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fusedKernel } from '@kd/core';
import type { Change } from './with-changed.js';

interface Weight {
  read(): Tensor;
  write(value: Tensor): unknown;
}
type Call = (inputs: Tensor | Tensor[], kwargs: { readonly training?: boolean }) => Tensor | Tensor[];

interface BatchNormalization {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma: Weight;
  readonly beta: Weight;
  readonly movingMean: Weight;
  readonly movingVariance: Weight;
  readonly call: Call;
}

/**
 * What to change while batch normalisation is applied in training: it uses the backend's kernel
 * `NormalizationInTraining`, if there is one, for its result and its gradient.
 *
 * tfjs-layers composes the statistics and the normalisation of single operations, each of which reads all
 * numbers again.
 */
export function normalizationInOneKernel(part: object): Change[] {
  // Not a subclass, nor a layer with another `call`: what they compute is not known.
  if (!Object.hasOwn(part.constructor, 'className') || Object.hasOwn(part, 'call')) return [];
  const { className } = part.constructor as { readonly className?: unknown };
  if (className !== 'BatchNormalization') return [];
  const layer = part as BatchNormalization;
  const { call: stock } = layer;
  const call: Call = (inputs, kwargs) => {
    const [x] = [inputs].flat() as [Tensor];
    const isLast = layer.axis === -1 || layer.axis === x.rank - 1;
    if (kwargs.training !== true || !isLast || x.dtype !== 'float32')
      return stock.call(layer, inputs, kwargs);
    return tidy(() => normalized(layer, x) ?? stock.call(layer, inputs, kwargs));
  };
  return [{ target: part, values: { call } }];
}

function normalized(layer: BatchNormalization, x: Tensor): Tensor | undefined {
  const { gamma, beta, epsilon, momentum, movingMean, movingVariance } = layer;
  const image = x.rank === 4 ? x : reshape(x, [-1, 1, 1, x.shape.at(-1) as number]);
  const inputs = { x: image, scale: gamma.read(), offset: beta.read() };
  const [y, mean, variance] = fusedKernel('NormalizationInTraining', inputs, { epsilon }) ?? [];
  if (y === undefined || mean === undefined || variance === undefined) return undefined;
  for (const [moving, value] of [
    [movingMean, mean],
    [movingVariance, variance],
  ] as const) {
    const before = moving.read();
    moving.write(sub(before, mul(sub(before, value), 1 - momentum)));
  }
  return x.rank === 4 ? y : reshape(y, x.shape);
}
