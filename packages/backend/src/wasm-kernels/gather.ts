import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend_util, util } from '@tensorflow/tfjs-core';
import type { GatherV2Attrs, KernelFunc } from '@tensorflow/tfjs-core';
import type { Inputs } from './convolution/windows.js';
import { integers } from './heap.js';

/**
 * `gather` with batch dimensions, of which the stock kernel copies the wrong rows.

 */
export function gatherByBatch(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { x, indices } = given.inputs as Inputs<'x' | 'indices'>;
    const { axis, batchDims } = given.attrs as unknown as GatherV2Attrs;
    const leading = batchDims < 0 ? batchDims + indices.shape.length : batchDims;
    const batches = util.sizeFromShape(x.shape.slice(0, leading));
    if (leading === 0 || batches <= 1) return stock(given);
    const backend = given.backend as BackendWasm;
    const [along = 0] = util.parseAxisParam(axis, x.shape);
    const { outerSize, dimSize, sliceSize, outputShape } = backend_util.segment_util.collectGatherOpShapeInfo(
      x,
      indices,
      along,
      leading,
    );
    const output = backend.makeOutput(outputShape, x.dtype);
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(output);
    const ids = integers(backend, indices);
    const rows = ids.length / batches;
    let place = 0;
    for (let block = 0; block < batches * outerSize; block++) {
      const first = Math.floor(block / outerSize) * rows;
      for (let row = first; row < first + rows; row++, place += sliceSize) {
        const start = (block * dimSize + checked(ids[row] as number, dimSize)) * sliceSize;
        to.set(from.subarray(start, start + sliceSize), place);
      }
    }
    return output;
  };
}

function checked(index: number, size: number): number {
  if (index >= 0 && index < size) return index;
  throw new Error(`GatherV2: the index value ${String(index)} is not in [0, ${String(size - 1)}]`);
}
