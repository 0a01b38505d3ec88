import { scalar, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { KernelConfig, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { backendName } from './run-op.js';
import type { OpAttribute, TensorflowBackend } from './run-op.js';

/**
 * Random numbers for `seededUniform` of @kd/core. Input: the int32 scalar `seed`. Attributes: the `shape` of
 * the result, and the number `place`.
 *
 * The seed goes into the operation as a tensor and is never read, so a step that is recorded once draws other
 * numbers for each seed.
 */
export const uniformKernel: KernelConfig = {
  kernelName: 'StatelessRandomUniform',
  backendName,
  kernelFunc: ({ inputs, backend, attrs }) => {
    const native = backend as TensorflowBackend;
    const { binding } = native;
    const { shape, place } = attrs as { shape: number[]; place: number };
    const typeOf = (name: string, value: number): OpAttribute => ({
      name,
      type: binding.TF_ATTR_TYPE,
      value,
    });
    return tidy(() => {
      const int32 = typeOf('T', binding.TF_INT32);
      const list = [
        int32,
        { name: 'N', type: binding.TF_ATTR_INT, value: 2 },
        { name: 'axis', type: binding.TF_ATTR_INT, value: 0 },
      ];
      const both = [inputs['seed'] as TensorInfo, scalar(place, 'int32')];
      const [seeds] = native.executeMultipleOutputs('Pack', list, both, 1) as [Tensor];
      return native.executeMultipleOutputs(
        'StatelessRandomUniform',
        [int32, typeOf('dtype', binding.TF_FLOAT), typeOf('Tseed', binding.TF_INT32)],
        [tensor1d(shape, 'int32'), seeds],
        1,
      );
    });
  },
};
