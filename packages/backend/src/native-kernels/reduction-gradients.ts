import { broadcastTo, mul, reshape, util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { Gradients } from './run-op.js';

/** The gradient of `sum`: spread over what was summed. tfjs multiplies by ones that it makes in JavaScript. */
export function sumGradient(dy: Tensor, [x]: Tensor[], attrs: NamedAttrMap): Gradients | undefined {
  return x === undefined ? undefined : { x: () => spread(dy, x, attrs) };
}

/** The gradient of `mean`: the share of each, spread over what was averaged. */
export function meanGradient(dy: Tensor, [x]: Tensor[], attrs: NamedAttrMap): Gradients | undefined {
  // The small tensor is scaled, not the large one.
  return x === undefined ? undefined : { x: () => spread(mul(dy, dy.size / x.size), x, attrs) };
}

function spread(dy: Tensor, x: Tensor, { axis }: NamedAttrMap): Tensor {
  const reduced = util.parseAxisParam(axis as number | number[], x.shape);
  const kept = x.shape.map((size, index) => (reduced.includes(index) ? 1 : size));
  return broadcastTo(reshape(dy, kept), x.shape);
}
