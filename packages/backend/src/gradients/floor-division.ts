import { zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';

/** The gradient of `floorDiv`, a step function: zero. tfjs returns the gradient of `div`. */
export const floorDivisionGradient: MendedGradient = (_, saved) => {
  const [a, b] = saved as [Tensor, Tensor];
  return { a: () => zeros(a.shape), b: () => zeros(b.shape) };
};
