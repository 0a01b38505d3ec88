import { broadcastTo, mul, reshape, util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { Gradients } from './run-op.js';

/**
 * The gradient of `sum`: broadcast to the shape of the input. tfjs multiplies by ones that it creates in
 * JavaScript.
 */
export function sumGradient(dy: Tensor, [x]: Tensor[], attrs: NamedAttrMap): Gradients | undefined {
  return x === undefined ? undefined : { x: () => spread(dy, x, attrs) };
}

/** The gradient of `mean`: each element's share, broadcast to the shape of the input. */
export function meanGradient(dy: Tensor, [x]: Tensor[], attrs: NamedAttrMap): Gradients | undefined {
  // Scale the small tensor rather than the large one.
  return x === undefined ? undefined : { x: () => spread(mul(dy, dy.size / x.size), x, attrs) };
}

function spread(dy: Tensor, x: Tensor, { axis }: NamedAttrMap): Tensor {
  const reduced = util.parseAxisParam(axis as number | number[], x.shape);
  const kept = x.shape.map((size, index) => (reduced.includes(index) ? 1 : size));
  return broadcastTo(reshape(dy, kept), x.shape);
}
