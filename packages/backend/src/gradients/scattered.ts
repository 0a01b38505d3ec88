import {
  gatherND,
  range,
  reshape,
  scatterND,
  stridedSlice,
  unsortedSegmentSum,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { GradConfig, Rank, StridedSliceAttrs, Tensor } from '@tensorflow/tfjs-core';

/** Gradients of kernels that copy elements to other places, which tfjs lacks. */
export const scatteredGradients: readonly GradConfig[] = [
  {
    kernelName: 'GatherNd',
    inputsToSave: ['params', 'indices'],
    gradFunc: (dy, saved) => {
      const [params, indices] = saved as [Tensor, Tensor];
      return {
        params: () => scatterND(indices, dy as Tensor, params.shape),
        indices: () => zerosLike(indices),
      };
    },
  },
  {
    kernelName: 'ScatterNd',
    inputsToSave: ['indices'],
    gradFunc: (dy, saved) => {
      const [indices] = saved as [Tensor];
      return { updates: () => gatherND(dy as Tensor, indices), indices: () => zerosLike(indices) };
    },
  },
  {
    kernelName: 'StridedSlice',
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attrs) => {
      const [x] = saved as [Tensor];
      const slice = attrs as unknown as StridedSliceAttrs;
      return {
        x: () => {
          // Slicing the numbers of the places in the same way tells where each element comes from.
          const places = stridedSlice(
            reshape(range(0, x.size, 1, 'int32'), x.shape),
            slice.begin,
            slice.end,
            slice.strides,
            slice.beginMask,
            slice.endMask,
            slice.ellipsisMask,
            slice.newAxisMask,
            slice.shrinkAxisMask,
          );
          const from = reshape<Rank.R1>(places, [-1]);
          return reshape(unsortedSegmentSum(reshape(dy as Tensor, [-1]), from, x.size), x.shape);
        },
      };
    },
  },
];
