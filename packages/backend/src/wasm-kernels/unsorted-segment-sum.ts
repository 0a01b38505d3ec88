import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { util } from '@tensorflow/tfjs-core';
import type { KernelFunc, UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import type { Inputs } from './convolution/windows.js';
import { integers } from './heap.js';

/**
 * Sums of the rows with the same segment id: the gradient of `gather`, and so of an embedding.
 *
 * Rows with an invalid id are skipped, as on the cpu backend.
 */
export const unsortedSegmentSum: KernelFunc = ({ inputs, backend, attrs }) => {
  const { x, segmentIds } = inputs as Inputs<'x' | 'segmentIds'>;
  const { numSegments } = attrs as unknown as UnsortedSegmentSumAttrs;
  const wasm = backend as BackendWasm;
  const rowShape = x.shape.slice(segmentIds.shape.length);
  const row = util.sizeFromShape(rowShape);
  const output = wasm.makeOutput([numSegments, ...rowShape], x.dtype);
  const ids = integers(wasm, segmentIds);
  const from = wasm.typedArrayFromHeap(x);
  const sums = wasm.typedArrayFromHeap(output).fill(0);
  ids.forEach((id, index) => {
    if (id < 0 || id >= numSegments) return;
    for (let k = 0; k < row; k++) {
      sums[id * row + k] = (sums[id * row + k] as number) + (from[index * row + k] as number);
    }
  });
  return output;
};
