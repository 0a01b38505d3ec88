import { abs, cast, customGrad, div, greater, max, maximum, mul, sub, sum } from '@tensorflow/tfjs-core';
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';

// Rows that are all below this count as zero.
const smallest = 1e-30;
// With its largest value scaled to 1 a row is of at least that size; a half leaves room for divisions that a GPU rounds.
const shortest = 0.5;

/** How large a row is. */
export interface Size {
  /** Homogeneous of degree one: `[B, N]` to `[B, 1]`. */
  readonly of: (rows: Tensor) => Tensor;
  /** Its derivative by each value, given the rows and the rows divided by their size. */
  readonly slope: (rows: Tensor, unit: Tensor) => Tensor;
}

/** Rows divided by their size, with the gradient of that. A row of zeros stays one, and gets no gradient. */
export function unitRows(rows: Tensor, size: Size): Tensor {
  return customGrad<Tensor>((...given) => {
    const [x, save] = given as [Tensor, GradSaveFunc];
    const largest = max(abs(x), 1, true);
    const inverse = div(cast(greater(largest, smallest), 'float32'), maximum(largest, smallest));
    // Of the size 1, so that squares neither overflow nor vanish.
    const scaled = mul(x, inverse);
    const sizes = maximum(size.of(scaled), shortest);
    const unit = div(scaled, sizes);
    save([unit, size.slope(scaled, unit), div(inverse, sizes)]);
    return {
      value: unit,
      gradFunc: (dy, saved) => {
        const [u, slope, inverseSize] = saved as [Tensor, Tensor, Tensor];
        return mul(sub(dy, mul(slope, sum(mul(dy, u), 1, true))), inverseSize);
      },
    };
  })(rows);
}
