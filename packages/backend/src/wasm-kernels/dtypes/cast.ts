import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { CastAttrs, KernelFunc } from '@tensorflow/tfjs-core';
import type { Inputs } from '../convolution/windows.js';

/** `cast` to bool, which is whether a number differs from zero. The stock kernel keeps its lowest byte. */
export function castToTruth(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { x } = given.inputs as Inputs<'x'>;
    const { dtype } = given.attrs as unknown as CastAttrs;
    if (dtype !== 'bool' || (x.dtype !== 'float32' && x.dtype !== 'int32')) return stock(given);
    const backend = given.backend as BackendWasm;
    const output = backend.makeOutput(x.shape, dtype);
    const truths = backend.typedArrayFromHeap(output);
    backend.typedArrayFromHeap(x).forEach((value, index) => {
      truths[index] = Number(value !== 0);
    });
    return output;
  };
}
