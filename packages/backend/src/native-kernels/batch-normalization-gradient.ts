import { add, clone, div, mul, neg, rsqrt } from '@tensorflow/tfjs-core';
import type { KernelConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { opKernel, runOp } from './run-op.js';
import type { Gradients } from './run-op.js';

const inputs = ['dy', 'x', 'scale', 'mean', 'variance', 'unused'];

/**
 * The gradient of batch normalisation with given statistics, with respect to the input, the scale and the
 * offset.
 */
export const batchNormalizationKernel: KernelConfig = opKernel(
  'FusedBatchNormGradV3',
  inputs,
  5,
  (binding, { epsilon }) => [
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon as number },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: false },
  ],
);

/**
 * The gradient of tfjs's batch normalisation with one statistic per channel; undefined for other cases.
 *
 * If mean and variance come from the batch, the tape differentiates further, so it also needs their
 * gradients. They follow from the other two sums: `-sum dy γ r` and `-1/2 sum dy (x - μ) γ r³` with
 * `r = 1/sqrt(σ² + ε)`.
 */
export function batchNormalizationGradient(
  dy: Tensor,
  [x, mean, variance, scale]: Tensor[],
  { varianceEpsilon }: NamedAttrMap,
): Gradients | undefined {
  if (x?.rank !== 4 || mean?.rank !== 1 || variance?.rank !== 1 || scale?.rank !== 1) return undefined;
  const epsilon = varianceEpsilon as number;
  const [byX, byScale, byOffset] = runOp(
    'FusedBatchNormGradV3',
    { dy, x, scale, mean, variance, unused: mean },
    { epsilon },
  ) as [Tensor, Tensor, Tensor];
  const withEpsilon = add(variance, epsilon);
  return {
    x: () => byX,
    mean: () => neg(mul(byOffset, mul(scale, rsqrt(withEpsilon)))),
    variance: () => mul(byScale, div(mul(scale, -0.5), withEpsilon)),
    // Copies that share their numbers: the tape frees tensors that it adds up, but the other two gradients
    // need these sums.
    scale: () => clone(byScale),
    offset: () => clone(byOffset),
  };
}
