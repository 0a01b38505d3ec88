import { signOf } from '@kd/core';
import { abs, mul, pow, square } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** `|x|^power`. */
export function absolutePower(x: Tensor, power: number): Tensor {
  // On wasm a square takes a fifth of the time of a power, and 2 is what nearly everybody uses.
  return power === 2 ? square(x) : pow(abs(x), power);
}

/** The derivative of `|x|^power`; 0 at x = 0, for power = 1 too. */
export function slopeOfAbsolutePower(x: Tensor, power: number): Tensor {
  return power === 2 ? mul(x, 2) : mul(mul(pow(abs(x), power - 1), signOf(x)), power);
}
