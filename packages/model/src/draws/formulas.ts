import { add, cast, div, floor, greaterEqual, mul } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Draws } from './draws.js';

/** The members of tfjs's layers that draw. */
export interface DrawingLayer {
  readonly rate?: number;
  readonly stddev?: number;
  readonly noiseShape?: readonly number[] | null;
  getNoiseShape?(x: Tensor): readonly number[] | null | undefined;
}

/**
 * What tfjs's layers compute in training, by class, in tfjs's own order of operations. A rate is above 0 and
 * below 1.
 */
export const formulas: Readonly<Record<string, (layer: DrawingLayer, x: Tensor, draws: Draws) => Tensor>> = {
  // Also that of SpatialDropout1D, which inherits all but its noise shape.
  Dropout: (layer, x, draws) => dropped(x, layer.rate as number, draws, layer.getNoiseShape?.(x) ?? x.shape),
  GaussianNoise: ({ stddev }, x, draws) => add(mul(draws.normal(x.shape), stddev as number), x),
  GaussianDropout: (layer, x, draws) => {
    const rate = layer.rate as number;
    return mul(x, add(mul(draws.normal(x.shape), Math.sqrt(rate / (1 - rate))), 1));
  },
  AlphaDropout: ({ rate, noiseShape }, x, draws) =>
    alphaDropped(x, rate as number, draws.uniform(noiseShape ?? x.shape)),
};

/** Dropout: `x floor(u + keep) / keep` with `keep = 1 - rate`. */
export function dropped(
  x: Tensor,
  rate: number,
  draws: Draws,
  noiseShape: readonly number[] = x.shape,
): Tensor {
  const keep = 1 - rate;
  return mul(x, div(floor(add(draws.uniform(noiseShape), keep)), keep));
}

/** Drops to the value that selu has for large negative numbers, then restores mean and variance. */
function alphaDropped(x: Tensor, rate: number, uniform: Tensor): Tensor {
  const dropValue = -1.6732632423543772 * 1.0507009873554805;
  const kept = cast(greaterEqual(uniform, rate), 'float32');
  const scale = ((1 - rate) * (1 + rate * dropValue ** 2)) ** -0.5;
  const offset = -scale * dropValue * rate;
  return add(mul(add(mul(x, kept), mul(add(kept, -1), dropValue)), scale), offset);
}
