import type { KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorflowBackend } from './run-op.js';

/**
 * Softmax by oneDNN, which is what TensorFlow makes of it in a function: so a single operation has the same
 * bits.
 *
 * The operation is not public in TensorFlow. If TensorFlow does not know it, the stock kernel runs.
 */
export function softmaxOfOneDnn(stock: KernelFunc): KernelFunc {
  let isKnown = true;
  return (given) => {
    const native = given.backend as unknown as TensorflowBackend;
    const { logits } = given.inputs as { logits: TensorInfo };
    if (!isKnown || native.isUsingGpuDevice === true || logits.dtype !== 'float32') return stock(given);
    const { binding } = native;
    const attributes = [
      { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
      // With this label TensorFlow finds kernels that oneDNN has under their own name.
      { name: '_kernel', type: binding.TF_ATTR_STRING, value: 'MklNameChangeOp' },
    ];
    try {
      return native.executeMultipleOutputs('_MklSoftmax', attributes, [logits], 1)[0] as Tensor;
    } catch {
      isKnown = false;
      return stock(given);
    }
  };
}
