import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, OneHotAttrs } from '@tensorflow/tfjs-core';
import type { Inputs } from '../convolution/windows.js';
import { integers } from '../heap.js';

/** `oneHot` of any dtype. The stock kernel writes int32 whatever the dtype of its output is. */
export function oneHotOfAnyType(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { indices } = given.inputs as Inputs<'indices'>;
    const { dtype, depth, onValue, offValue } = given.attrs as unknown as OneHotAttrs;
    if (dtype === 'int32') return stock(given);
    const backend = given.backend as BackendWasm;
    const output = backend.makeOutput([...indices.shape, depth], dtype);
    const values = backend.typedArrayFromHeap(output).fill(offValue);
    integers(backend, indices).forEach((index, row) => {
      if (index >= 0 && index < depth) values[row * depth + index] = onValue;
    });
    return output;
  };
}
