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
import { exactAvgPool, exactMaxPool } from '../pooling/exact-pooling.js';
import { exactSign } from '../exact-sign.js';
import { exactDepthwise } from './not-finite/depthwise.js';
import { keepingNaN, notLargerThanInput } from './not-finite/elementwise.js';
import { activatedApart } from './not-finite/fused.js';
import { allFinite } from './not-finite/norm.js';
import { notingLargest, notingSum } from './not-finite/sums-of-products.js';
import { maxPool3d, maxPool3dGradient } from './pooling/max-pool-3d.js';
import { maxPoolGradient } from './pooling/max-pool-gradient.js';
import { unsortedSegmentSum } from './unsorted-segment-sum.js';

/** Kernels that stock wasm lacks, by their tfjs names. */
export const fillIns: Readonly<Record<string, KernelFunc>> = {
  Conv2DBackpropFilter: conv2dFilterGradient,
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilterGradient,
  DepthwiseConv2dNativeBackpropInput: depthwiseInputGradient,
  Einsum: einsum,
  UnsortedSegmentSum: unsortedSegmentSum,
};

/** Replacements for stock kernels, each made from the original. */
export const improvements: Readonly<Record<string, (stock: KernelFunc) => KernelFunc>> = {
  BatchMatMul: (fast) =>
    withExplicitTransposes({ fast, slow: fast, transpose: kernel('Transpose') }, [
      'stock',
      'straight',
      'mirrored',
    ]),
  // A bias runs along the columns of the product, which are the rows of a mirrored product.
  _FusedMatMul: (fast) =>
    activatedApart(
      withExplicitTransposes({ fast, slow: fusedByParts(fast, kernel), transpose: kernel('Transpose') }, [
        'stock',
        'straight',
      ]),
      ['a', 'b'],
    ),
  Conv2DBackpropInput: conv2dInputGradient,
  Conv2D: (stock) => notingLargest(withNumbersForSame(stock, false), ['x', 'filter']),
  Add: notingSum,
  FusedConv2D: (stock) => activatedApart(withNumbersForSame(stock, false), ['x', 'filter']),
  DepthwiseConv2dNative: (stock) => exactDepthwise(withNumbersForSame(stock, true)),
  FusedDepthwiseConv2D: (stock) => exactDepthwise(withNumbersForSame(stock, true)),
  Conv3DBackpropFilterV2: () => conv3dFilterGradient,
  Conv3DBackpropInputV2: () => conv3dInputGradient,
  MaxPool3D: () => maxPool3d,
  MaxPool3DGrad: () => maxPool3dGradient,
  MaxPoolGrad: () => maxPoolGradient,
  MaxPool: (stock) => notLargerThanInput(exactMaxPool(stock, allFinite)),
  AvgPool: (stock) => notLargerThanInput(exactAvgPool(stock, allFinite)),
  Relu: (stock) => notLargerThanInput(keepingNaN(stock, ['x'])),
  Relu6: (stock) => notLargerThanInput(keepingNaN(stock, ['x'])),
  ClipByValue: (stock) => keepingNaN(stock, ['x']),
  Sign: exactSign,
  // They keep NaN on the left.
  Maximum: (stock) => keepingNaN(stock, ['b']),
  Minimum: (stock) => keepingNaN(stock, ['b']),
};

function kernel(name: string): KernelFunc {
  return getKernel(name, 'wasm').kernelFunc;
}
