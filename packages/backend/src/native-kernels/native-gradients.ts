import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import { withAllInputs } from '../batch-normalization/with-all-inputs.js';
import { exactMaxPool, exactMaxPool3d } from '../pooling/exact-pooling.js';
import { activationGradients, activationKernels } from './activation-gradients.js';
import { allFinite } from './all-finite.js';
import { batchNormalizationGradient, batchNormalizationKernel } from './batch-normalization-gradient.js';
import { biasGradient, biasKernel } from './bias-gradient.js';
import { gatherChecked } from './gather.js';
import { withPlacesOfMaxima } from './max-pool.js';
import { withOneDnn } from './max-pool-gradient.js';
import { withNarrowOutputsSwapped } from './onednn-faults/narrow-convolution.js';
import { forConvolution, forDepthwise } from './onednn-faults/pointwise-filter-gradient.js';
import { meanGradient, sumGradient } from './reduction-gradients.js';
import { uniformKernel } from './seeded-uniform.js';
import { normalizationGradientKernel, normalizationKernel } from './normalization-in-training.js';
import { roundOfAnyType } from './round.js';
import { composedSoftmax } from './softmax.js';
import { nativeSumOfSquares } from './sum-of-squares.js';
import type { NativeGradient } from './run-op.js';
import { adamStepKernel, momentumStepKernel } from './optimizer-steps.js';

/** TensorFlow operations that have no kernel in tfjs-node. */
export const nativeKernels: readonly KernelConfig[] = [
  ...activationKernels,
  biasKernel,
  batchNormalizationKernel,
  normalizationKernel,
  normalizationGradientKernel,
  adamStepKernel,
  momentumStepKernel,
  uniformKernel,
  nativeSumOfSquares,
];

/** Replacements for kernels of tfjs-node, each made from the original. */
export const nativeImprovements: Readonly<Record<string, (stock: KernelFunc) => KernelFunc>> = {
  Conv2D: withNarrowOutputsSwapped,
  FusedConv2D: withNarrowOutputsSwapped,
  Conv2DBackpropFilter: forConvolution,
  DepthwiseConv2dNativeBackpropFilter: forDepthwise,
  FusedBatchNorm: withAllInputs,
  GatherV2: gatherChecked,
  MaxPoolGrad: withOneDnn,
  MaxPool: (stock) => exactMaxPool(withPlacesOfMaxima(stock), allFinite),
  MaxPool3D: (stock) => exactMaxPool3d(stock, allFinite),
  Round: roundOfAnyType,
  Softmax: composedSoftmax,
};

/** The gradients that run them, by the name of the forward kernel. */
export const nativeGradients: Readonly<Record<string, NativeGradient>> = {
  ...activationGradients,
  Add: biasGradient,
  FusedBatchNorm: batchNormalizationGradient,
  Sum: sumGradient,
  Mean: meanGradient,
};
