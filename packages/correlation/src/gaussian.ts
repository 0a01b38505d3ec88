import { boolean, numberIn, optionsOf, unitVectors } from '@kd/core';
import { add, mul, onesLike, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkRows, products } from './kernel.js';
import type { Kernel } from './kernel.js';

/** Options of `gaussian`. */
export interface GaussianOptions {
  /** γ, > 0 and at most 20; default 0.4. A larger one tells near examples apart and no longer far ones. */
  readonly gamma?: number;
  /** Order P of the Taylor expansion, from 1 to 20; default 2. */
  readonly order?: number;
  /** Whether rows are divided by their lengths; default true. False as in torchdistill. */
  readonly unitLength?: boolean;
}

// Up to here exp(2γ), which bounds the sum for rows of length 1, is far within float32.
const gamma = numberIn('a number > 0 and <= 20', (x) => x > 0 && x <= 20, 'Use a γ around 0.4, as is usual.');
const order = numberIn(
  'a whole number from 1 to 20',
  (x) => Number.isInteger(x) && x >= 1 && x <= 20,
  'Use the order 2 or 3.',
);
const gaussianOptions = optionsOf<GaussianOptions>()({
  gamma: gamma.default(0.4),
  order: order.default(2),
  unitLength: boolean.default(true),
});

/**
 * A Gaussian kernel, by its Taylor expansion up to order P:
 * `K_ij = exp(-2γ) sum_{p=0..P} (2γ)^p / p! (x_i · x_j)^p`.
 *
 * For rows x of length 1 this approximates `exp(-γ ||x_i - x_j||²)`, and so rows are divided by their lengths
 * (Peng et al. 2019). A row of zeros stays zero.
 *
 * @param options γ, order, and whether rows are divided by their lengths
 * @returns a `Kernel` whose name has the options: rows, float32 `[B, D]`, any finite values, to similarities,
 *   float32 `[B, B]`. It throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { gaussian } from '@kd/correlation';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const kernel = gaussian({ gamma: 0.4, order: 3 });
 * const similarities = await kernel(tensor2d([3, 0, 0, 2], [2, 2])).data();
 * console.log(kernel.name, Array.from(similarities, (x) => x.toFixed(4)).join(' '));
 * // gaussian(0.4, 3) 0.9909 0.4493 0.4493 0.9909
 * ```
 */
export function gaussian(options: GaussianOptions = {}): Kernel {
  const { gamma, order, unitLength } = gaussianOptions.read('gaussian', options);
  const kernel: Kernel = (rows) => {
    checkRows('gaussian', rows);
    return tidy(() => {
      const alike = products(unitLength ? unitVectors(rows, 1) : rows);
      return mul(exponential(mul(alike, 2 * gamma), order), Math.exp(-2 * gamma));
    });
  };
  const name = `gaussian(${String(gamma)}, ${String(order)}${unitLength ? '' : ', any length'})`;
  // Settings hold functions by their names.
  return Object.defineProperty(kernel, 'name', { value: name });
}

/** `sum_{p=0..order} x^p / p!`, by Horner's scheme, in which no power is larger than the sum. */
function exponential(x: Tensor, order: number): Tensor {
  let value: Tensor = onesLike(x);
  for (let p = order; p > 0; p--) value = add(mul(value, mul(x, 1 / p)), 1);
  return value;
}
