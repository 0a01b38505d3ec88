import { add, concat, mul, reshape, split, sub, tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Turns the pair `(x_i, x_{i + d/2})` of each head at position t by the angle `t base^(-2i/d)`, for i below
 * d/2.
 *
 * @param x `[B, L, D]`, with d = D / heads even
 */
export function rotated(x: Tensor, heads: number, base: number, start = 0): Tensor {
  const [batch, length, width] = x.shape as [number, number, number];
  const [cos, sin] = rotations([start, length], width / heads / 2, base);
  const [a, b] = split(reshape(x, [batch, length, heads, width / heads]), 2, 3) as [Tensor, Tensor];
  const turned = concat([sub(mul(a, cos), mul(b, sin)), add(mul(b, cos), mul(a, sin))], 3);
  return reshape(turned, x.shape);
}

/** Cosines and sines of all angles, `[1, L, 1, pairs]`. Computed in float64, as late positions turn far. */
function rotations(
  [start, length]: readonly [number, number],
  pairs: number,
  base: number,
): [cos: Tensor, sin: Tensor] {
  const angles = Array.from(
    { length: length * pairs },
    (_, place) => (start + Math.floor(place / pairs)) * base ** (-(place % pairs) / pairs),
  );
  const of = (f: (angle: number) => number): Tensor => tensor(angles.map(f), [1, length, 1, pairs]);
  return [of(Math.cos), of(Math.sin)];
}
