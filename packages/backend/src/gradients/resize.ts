import { getBackend, matMul, reshape, tensor } from '@tensorflow/tfjs-core';
import type { ResizeBilinearAttrs, ResizeNearestNeighborAttrs, Tensor } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';

type Attributes = ResizeBilinearAttrs | ResizeNearestNeighborAttrs;

/** The weights of the two source rows of each target row. */
type RowWeights = (size: number, target: number, attributes: Attributes) => (readonly [number, number])[][];

/** The gradient of bilinear resizing. cpu's own is right only for squares. */
export const resizeBilinearGradient: MendedGradient = byMatrices(
  bilinear,
  ({ shape: [, height, width] }) => height !== width,
);

/** The gradient of nearest-neighbour resizing. cpu's own is right only for one image of whole factors. */
export const resizeNearestGradient: MendedGradient = byMatrices(
  nearest,
  ({ shape: [batch, height = 0, width = 0] }, { size: [newHeight, newWidth], alignCorners }) =>
    batch !== 1 || alignCorners || newHeight % height !== 0 || newWidth % width !== 0,
);

/**
 * A resizing multiplies rows and columns by a matrix each, so its gradient multiplies them by the transposed
 * ones. tfjs's own kernels leave half-pixel centres out.
 */
function byMatrices(
  weights: RowWeights,
  isWrongOnCpu: (images: Tensor, attributes: Attributes) => boolean,
): MendedGradient {
  return (dy, saved, attrs) => {
    const [images] = saved as [Tensor];
    const attributes = attrs as unknown as Attributes;
    const isWrong =
      attributes.halfPixelCenters || (getBackend() === 'cpu' && isWrongOnCpu(images, attributes));
    if (!isWrong) return undefined;
    const [batch, height, width, channels] = images.shape as [number, number, number, number];
    const [newHeight, newWidth] = attributes.size;
    const rows = matrix(weights(height, newHeight, attributes), height);
    const columns = matrix(weights(width, newWidth, attributes), width);
    return {
      images: () => {
        const byRows = matMul(rows, reshape(dy, [batch, newHeight, newWidth * channels]), true);
        const byColumns = matMul(columns, reshape(byRows, [batch * height, newWidth, channels]), true);
        return reshape(byColumns, images.shape);
      },
    };
  };
}

/** `[target, size]`. */
function matrix(weights: readonly (readonly (readonly [number, number])[])[], size: number): Tensor {
  const values = new Float32Array(weights.length * size);
  weights.forEach((row, target) => {
    for (const [source, weight] of row) {
      const place = target * size + source;
      values[place] = (values[place] as number) + weight;
    }
  });
  return tensor(values, [weights.length, size]);
}

/** `[source, weight]` of the rows below and above each target row. */
function bilinear(
  size: number,
  target: number,
  { alignCorners, halfPixelCenters }: Attributes,
): (readonly [number, number])[][] {
  const scale = scaleOf(size, target, alignCorners);
  return Array.from({ length: target }, (_, row) => {
    const place = halfPixelCenters ? scale * (row + 0.5) - 0.5 : scale * row;
    const low = Math.max(0, Math.floor(place));
    const high = Math.min(size - 1, Math.ceil(place));
    return [
      [low, 1 - (place - low)],
      [high, place - low],
    ];
  });
}

/** `[source, 1]` for each target row. */
function nearest(
  size: number,
  target: number,
  { alignCorners, halfPixelCenters }: Attributes,
): (readonly [number, number])[][] {
  const scale = scaleOf(size, target, alignCorners);
  return Array.from({ length: target }, (_, row) => {
    const place = halfPixelCenters ? scale * (row + 0.5) : scale * row;
    const source = alignCorners ? Math.round(place) : Math.floor(place);
    return [[Math.max(0, Math.min(size - 1, source)), 1]];
  });
}

function scaleOf(size: number, target: number, alignCorners: boolean): number {
  return alignCorners && target > 1 ? (size - 1) / (target - 1) : size / target;
}
