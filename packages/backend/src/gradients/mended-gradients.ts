import { averagePool3dGradient, averagePoolGradient } from './average-pool.js';
import { batchNormalizationGradient } from './batch-normalization.js';
import { ofBroadcastMatrices, ofBroadcastOperands } from './broadcast-operands.js';
import { cumulativeSumGradient } from './cumulative-sum.js';
import { maxGradient, minGradient } from './extremes.js';
import { floorDivisionGradient } from './floor-division.js';
import { gatherGradient } from './gather.js';
import type { MendedGradient } from './mended-gradient.js';
import { mirrorPadGradient } from './mirror-pad.js';
import { productGradient } from './product.js';
import { resizeBilinearGradient, resizeNearestGradient } from './resize.js';
import { convolutionGradient, maxPoolGradient } from './rounded-windows.js';
import { tileGradient } from './tile.js';

/** Gradients that tfjs gets wrong for some attributes or shapes, by the name of the forward kernel. */
export const mendedGradients: Readonly<Record<string, MendedGradient>> = {
  AvgPool: averagePoolGradient,
  AvgPool3D: averagePool3dGradient,
  BatchMatMul: ofBroadcastMatrices,
  Conv2D: convolutionGradient,
  Cumsum: cumulativeSumGradient,
  FloorDiv: floorDivisionGradient,
  FusedBatchNorm: batchNormalizationGradient,
  GatherV2: gatherGradient,
  Max: maxGradient,
  Maximum: ofBroadcastOperands,
  MaxPool: maxPoolGradient,
  Min: minGradient,
  Minimum: ofBroadcastOperands,
  MirrorPad: mirrorPadGradient,
  Prod: productGradient,
  ResizeBilinear: resizeBilinearGradient,
  ResizeNearestNeighbor: resizeNearestGradient,
  SquaredDifference: ofBroadcastOperands,
  Tile: tileGradient,
};
