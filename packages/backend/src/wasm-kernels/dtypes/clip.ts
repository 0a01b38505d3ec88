import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { ClipByValueAttrs, KernelFunc } from '@tensorflow/tfjs-core';
import type { Inputs } from '../convolution/windows.js';

/** `clipByValue` of int32 and bool, which the stock kernel takes for float32. */
export function clipOfAnyType(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { x } = given.inputs as Inputs<'x'>;
    if (x.dtype === 'float32') return stock(given);
    const { clipValueMin, clipValueMax } = given.attrs as unknown as ClipByValueAttrs;
    const backend = given.backend as BackendWasm;
    const output = backend.makeOutput(x.shape, x.dtype);
    const clipped = backend.typedArrayFromHeap(output);
    backend.typedArrayFromHeap(x).forEach((value, index) => {
      clipped[index] = Math.min(clipValueMax, Math.max(clipValueMin, value));
    });
    return output;
  };
}
