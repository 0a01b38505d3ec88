import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { util } from '@tensorflow/tfjs-core';
import type { KernelFunc, TileAttrs, TypedArray } from '@tensorflow/tfjs-core';
import type { Inputs } from './convolution/windows.js';

/**
 * `tile` by copies of whole blocks, from the last axis to the first. The stock kernel looks up the place of
 * each number; tfjs-layers tiles in every layer normalisation, and `where` and `broadcastTo` do for each
 * operand that they broadcast.
 */
export function tileByBlocks(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { x } = given.inputs as Inputs<'x'>;
    const { reps } = given.attrs as unknown as TileAttrs;
    const shape = x.shape.map((size, axis) => size * (reps[axis] as number));
    if (x.dtype === 'string' || util.sizeFromShape(shape) === 0) return stock(given);
    const backend = given.backend as BackendWasm;
    const output = backend.makeOutput(shape, x.dtype);
    const to = backend.typedArrayFromHeap(output);
    // At the end of the output, from where blocks are copied towards its beginning.
    let length = util.sizeFromShape(x.shape);
    to.set(backend.typedArrayFromHeap(x), to.length - length);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const copies = reps[axis] as number;
      const block = util.sizeFromShape(shape.slice(axis + 1)) * (x.shape[axis] as number);
      if (copies > 1) repeatBlocks(to, length, block, copies);
      length *= copies;
    }
    return output;
  };
}

/** Repeats each block of the last `length` numbers, in place, so that `length * copies` stand at the end. */
function repeatBlocks(to: TypedArray, length: number, block: number, copies: number): void {
  const all = block * copies;
  let start = to.length - length * copies;
  for (let from = to.length - length; from < to.length; from += block, start += all) {
    if (block === 1) {
      to.fill(to[from] as number, start, start + all);
      continue;
    }
    // The first copy may overlap the block; the others are made of the first.
    to.copyWithin(start, from, from + block);
    for (let made = block; made < all; made *= 2)
      to.copyWithin(start + made, start, start + Math.min(made, all - made));
  }
}
