import { getKernel } from '@tensorflow/tfjs-core';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { conv2dFilterGradient } from './convolution/conv2d-filter-gradient.js';
import { conv2dInputGradient } from './convolution/conv2d-input-gradient.js';
import { conv3dFilterGradient } from './convolution/conv3d-filter-gradient.js';
import { conv3dInputGradient } from './convolution/conv3d-input-gradient.js';
import { depthwiseFilterGradient } from './convolution/depthwise-filter-gradient.js';
import { depthwiseInputGradient } from './convolution/depthwise-input-gradient.js';
import { withNumbersForSame } from './convolution/with-numbers-for-same.js';
import { dilation, dilationFilterGradient, dilationInputGradient } from './dilation.js';
import { ofAnyType, ofTruths } from './dtypes/any-type.js';
import { clipOfAnyType } from './dtypes/clip.js';
import { einsum } from './einsum.js';
import { gatherByBatch } from './gather.js';
import { fusedByParts } from './matmul/fused-by-parts.js';
import { withExplicitTransposes } from './matmul/with-explicit-transposes.js';
import { withAllInputs } from '../batch-normalization/with-all-inputs.js';
import { withBroadcastStatistics } from '../batch-normalization/with-broadcast-statistics.js';
import { withBroadcastBatches } from '../matmul/with-broadcast-batches.js';
import { exactAvgPool, exactMaxPool } from '../pooling/exact-pooling.js';
import { exactSign } from '../exact-sign.js';
import {
  inputGradientOverVolumes,
  overVolumes,
  poolingGradientOverVolumes,
} from '../windows/reached-volumes.js';
import { withPositiveAxis } from '../with-positive-axis.js';
import { exactDepthwise } from './not-finite/depthwise.js';
import { keepingNaN, notLargerThanInput } from './not-finite/elementwise.js';
import { activatedApart } from './not-finite/fused.js';
import { allFinite } from './not-finite/norm.js';
import { notingLargest, notingSum } from './not-finite/sums-of-products.js';
import { maxPool3d, maxPool3dGradient } from './pooling/max-pool-3d.js';
import { maxPoolGradient } from './pooling/max-pool-gradient.js';
import { roundedConvolution, roundedPooling } from './rounded-windows.js';
import { tileByBlocks } from './tile.js';
import { unsortedSegmentSum } from './unsorted-segment-sum.js';

const wasm = 'wasm';

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
  ...ofAnyType,
  BatchMatMul: (fast) =>
    withBroadcastBatches(
      withExplicitTransposes({ fast, slow: fast, transpose: kernel('Transpose') }, [
        'stock',
        'straight',
        'mirrored',
      ]),
      wasm,
    ),
  // A bias runs along the columns of the product, which are the rows of a mirrored product.
  _FusedMatMul: (fast) =>
    withBroadcastBatches(
      activatedApart(
        withExplicitTransposes({ fast, slow: fusedByParts(fast, kernel), transpose: kernel('Transpose') }, [
          'stock',
          'straight',
        ]),
        ['a', 'b'],
      ),
      wasm,
    ),
  Conv2DBackpropInput: conv2dInputGradient,
  Conv2D: (stock) =>
    notingLargest(roundedConvolution(withNumbersForSame(stock, false), false), ['x', 'filter']),
  Add: notingSum,
  FusedConv2D: (stock) =>
    activatedApart(roundedConvolution(withNumbersForSame(stock, false), false), ['x', 'filter']),
  DepthwiseConv2dNative: (stock) => exactDepthwise(roundedConvolution(withNumbersForSame(stock, true), true)),
  FusedDepthwiseConv2D: (stock) => exactDepthwise(roundedConvolution(withNumbersForSame(stock, true), true)),
  FusedBatchNorm: (stock) => withAllInputs(withBroadcastStatistics(stock, wasm)),
  Conv3D: (stock) => overVolumes(stock, wasm),
  Conv3DBackpropFilterV2: () => overVolumes(conv3dFilterGradient, wasm),
  Conv3DBackpropInputV2: () => inputGradientOverVolumes(conv3dInputGradient, wasm),
  AvgPool3D: (stock) => overVolumes(stock, wasm),
  AvgPool3DGrad: (stock) => poolingGradientOverVolumes(stock, wasm),
  MaxPool3D: () => overVolumes(maxPool3d, wasm),
  MaxPool3DGrad: () => poolingGradientOverVolumes(maxPool3dGradient, wasm),
  MaxPoolGrad: () => maxPoolGradient,
  MaxPool: (stock) => notLargerThanInput(exactMaxPool(roundedPooling(stock), allFinite)),
  AvgPool: (stock) => notLargerThanInput(exactAvgPool(roundedPooling(stock), allFinite)),
  Relu: (stock) => ofTruths(notLargerThanInput(keepingNaN(stock, ['x']))),
  Relu6: (stock) => ofTruths(notLargerThanInput(keepingNaN(stock, ['x']))),
  ClipByValue: (stock) => clipOfAnyType(keepingNaN(stock, ['x'])),
  Sign: (stock) => ofTruths(exactSign(stock)),
  // They keep NaN on the left.
  Maximum: (stock) => keepingNaN(stock, ['b']),
  Minimum: (stock) => keepingNaN(stock, ['b']),
  Cumprod: withPositiveAxis,
  Cumsum: withPositiveAxis,
  Dilation2D: () => dilation,
  Dilation2DBackpropFilter: () => dilationFilterGradient,
  Dilation2DBackpropInput: () => dilationInputGradient,
  GatherV2: gatherByBatch,
  Tile: tileByBlocks,
};

function kernel(name: string): KernelFunc {
  return getKernel(name, wasm).kernelFunc;
}
