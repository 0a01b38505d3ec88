import { util } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';
import { sumToShape } from './sum-to-shape.js';

/** Of an element-wise kernel of `a` and `b`. */
export const ofBroadcastOperands: MendedGradient = summed((shape) => shape);

/** Of a matrix product of `a` and `b`, whose matrices are the last two axes. */
export const ofBroadcastMatrices: MendedGradient = summed((shape) => shape.slice(0, -2));

/**
 * The gradient of a kernel of two operands that may be broadcast. tfjs leaves out the sum over the axes of
 * the broadcast, and then throws because the shapes differ.
 */
function summed(broadcastAxes: (shape: number[]) => number[]): MendedGradient {
  return (_, saved, __, stock) => {
    const [a, b] = saved as [Tensor, Tensor];
    if (util.arraysEqual(broadcastAxes(a.shape), broadcastAxes(b.shape))) return undefined;
    const gradients = stock();
    const of =
      (name: string, { shape }: Tensor) =>
      (): Tensor =>
        sumToShape((gradients[name] as () => Tensor)(), shape);
    return { a: of('a', a), b: of('b', b) };
  };
}
