import { div, maximum, mul, sqrt, square, sum } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/**
 * The nearest weights at which no unit's incoming vector is longer than `c`: `w min(1, c / ‖w‖)`.
 *
 * For kernels `[..., units]` only: a bias is not an incoming vector. Hinton et al. 2012, Improving neural
 * networks by preventing co-adaptation of feature detectors, section 2.
 */
export function withinMaxNorm(kernel: Tensor, maxNorm: Scalar): Tensor {
  if (kernel.rank < 2) return kernel;
  const incoming = Array.from({ length: kernel.rank - 1 }, (_, axis) => axis);
  const lengths = sqrt(sum(square(kernel), incoming, true));
  // c / max(‖w‖, c) is exactly 1 if nothing needs to be done.
  return mul(kernel, div(maxNorm, maximum(lengths, maxNorm)));
}
