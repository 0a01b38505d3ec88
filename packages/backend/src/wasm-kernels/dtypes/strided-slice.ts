import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { composed } from '../../composed.js';
import type { Inputs } from '../convolution/windows.js';

/** `stridedSlice` of int32 and bool. The stock kernel copies four bytes each and calls them float32. */
export function stridedSliceOfAnyType(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { x } = given.inputs as Inputs<'x'>;
    if (x.dtype !== 'int32' && x.dtype !== 'bool') return stock(given);
    const backend = given.backend as BackendWasm;
    return composed(backend, (run, temporary) => {
      const wide = x.dtype === 'bool' ? run('Cast', { x }, { dtype: 'int32' }) : x;
      const slice = temporary(stock({ ...given, inputs: { x: wide } }) as TensorInfo);
      const numbers = slice.dtype === 'int32' ? slice : temporary(asIntegers(backend, slice));
      return x.dtype === 'bool' ? run('Cast', { x: numbers }, { dtype: 'bool' }) : numbers;
    });
  };
}

function asIntegers(backend: BackendWasm, slice: TensorInfo): TensorInfo {
  const output = backend.makeOutput(slice.shape, 'int32');
  const { buffer, byteOffset, length } = backend.typedArrayFromHeap(slice);
  backend.typedArrayFromHeap(output).set(new Int32Array(buffer, byteOffset, length));
  return output;
}
