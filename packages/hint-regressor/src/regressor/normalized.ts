import { selected } from '@kd/core';
import { add, div, maximum, mean, mul, sqrt, square, sub, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

// As in the reference: PyTorch's batch normalisation.
const leastVariance = 1e-5;

/**
 * Batch normalisation of each channel, by the positions that the mask keeps.
 *
 * By the statistics of the batch, also in a validation: a regressor is not part of the student.
 */
export function normalized(
  x: Tensor,
  { scale, offset }: { readonly scale: Tensor; readonly offset: Tensor },
  mask?: Tensor,
): Tensor {
  const means = meanOver(x, mask);
  const centred = sub(x, means(x));
  const deviation = sqrt(add(means(square(centred)), leastVariance));
  return add(mul(div(centred, deviation), scale), offset);
}

/** The mean of each channel over what the mask keeps. */
function meanOver({ rank }: Tensor, mask: Tensor | undefined): (x: Tensor) => Tensor {
  const axes = Array.from({ length: rank - 1 }, (_, axis) => axis);
  if (mask === undefined) return (x) => mean(x, axes);
  const count = maximum(sum(mask), 1);
  return (x) => div(sum(selected(x, mask), axes), count);
}
