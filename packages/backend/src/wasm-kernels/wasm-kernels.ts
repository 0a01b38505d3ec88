import { getKernel } from '@tensorflow/tfjs-core';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { conv2dFilterGradient } from './convolution/conv2d-filter-gradient.js';
import { conv2dInputGradient } from './convolution/conv2d-input-gradient.js';
import { conv3dFilterGradient } from './convolution/conv3d-filter-gradient.js';
import { conv3dInputGradient } from './convolution/conv3d-input-gradient.js';
import { depthwiseFilterGradient } from './convolution/depthwise-filter-gradient.js';
import { depthwiseInputGradient } from './convolution/depthwise-input-gradient.js';
import { withNumbersForSame } from './convolution/with-numbers-for-same.js';
import { einsum } from './einsum.js';
import { fusedByParts } from './matmul/fused-by-parts.js';
import { withExplicitTransposes } from './matmul/with-explicit-transposes.js';
import { maxPool3d, maxPool3dGradient } from './pooling/max-pool-3d.js';
import { maxPoolGradient } from './pooling/max-pool-gradient.js';
import { unsortedSegmentSum } from './unsorted-segment-sum.js';

/** Kernels that stock wasm lacks, by the name that tfjs has for them. */
export const fillIns: Readonly<Record<string, KernelFunc>> = {
  Conv2DBackpropFilter: conv2dFilterGradient,
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilterGradient,
  DepthwiseConv2dNativeBackpropInput: depthwiseInputGradient,
  Einsum: einsum,
  UnsortedSegmentSum: unsortedSegmentSum,
};

/** Kernels that stand in for a stock one, made from it. */
export const improvements: Readonly<Record<string, (stock: KernelFunc) => KernelFunc>> = {
  BatchMatMul: (fast) =>
    withExplicitTransposes({ fast, slow: fast, transpose: kernel('Transpose') }, [
      'stock',
      'straight',
      'mirrored',
    ]),
  // A bias runs along the columns of the product, which a mirrored product has as rows.
  _FusedMatMul: (fast) =>
    withExplicitTransposes({ fast, slow: fusedByParts(fast, kernel), transpose: kernel('Transpose') }, [
      'stock',
      'straight',
    ]),
  Conv2DBackpropInput: conv2dInputGradient,
  Conv2D: (stock) => withNumbersForSame(stock, false),
  FusedConv2D: (stock) => withNumbersForSame(stock, false),
  DepthwiseConv2dNative: (stock) => withNumbersForSame(stock, true),
  FusedDepthwiseConv2D: (stock) => withNumbersForSame(stock, true),
  Conv3DBackpropFilterV2: () => conv3dFilterGradient,
  Conv3DBackpropInputV2: () => conv3dInputGradient,
  MaxPool3D: () => maxPool3d,
  MaxPool3DGrad: () => maxPool3dGradient,
  MaxPoolGrad: () => maxPoolGradient,
};

function kernel(name: string): KernelFunc {
  return getKernel(name, 'wasm').kernelFunc;
}
