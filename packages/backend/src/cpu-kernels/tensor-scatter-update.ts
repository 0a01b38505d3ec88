import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { HostBackend } from '../pooling/exact-pooling.js';

/** `tensorScatterUpdate` that leaves its input unchanged. The stock kernel writes into it. */
export function keepingItsInput(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { tensor } = given.inputs as { tensor: TensorInfo };
    const backend = given.backend as HostBackend;
    const values = (backend.readSync(tensor.dataId) as Float32Array).slice();
    const dataId = backend.write(values, tensor.shape, tensor.dtype as 'float32');
    try {
      return stock({ ...given, inputs: { ...given.inputs, tensor: { ...tensor, dataId } } });
    } finally {
      backend.disposeData(dataId);
    }
  };
}
