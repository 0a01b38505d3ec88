import { offTape } from '@kd/core';
import { abs, div, max, maximum, sqrt, square, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

// A row whose features are all below this shrinks towards zero with them. If it kept length 1, its gradient
// would grow like one over its size.
const smallest = 1e-6;
// With its largest feature scaled to 1, a row has at least length 1. One half leaves room for a GPU's
// rounding.
const shortest = 0.5;

/** Each row divided by its length; rows of zeros stay zero. */
export function unitRows(rows: Tensor): Tensor {
  // Scaled first, so that squares neither overflow nor vanish. The quotient does not depend on the scale.
  const scaled = div(
    rows,
    offTape(() => maximum(max(abs(rows), 1, true), smallest)),
  );
  return div(scaled, sqrt(maximum(sum(square(scaled), 1, true), shortest ** 2)));
}
