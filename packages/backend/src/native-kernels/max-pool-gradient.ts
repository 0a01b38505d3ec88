import { backend_util, tidy } from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import type { OpAttribute, TensorflowBackend } from './run-op.js';

type Size = number | [number, number];

/**
 * The gradient of max pooling by oneDNN, whose forward pass records the place of each maximum. tfjs does not
 * keep that record, so we run the forward pass again. Both together still take half the time of TensorFlow's
 * `MaxPoolGrad`, which searches for the maxima itself.
 *
 * These operations are not public in TensorFlow. If TensorFlow does not know them, or they do not support a
 * case, its own gradient runs.
 */
export function withOneDnn(stock: KernelFunc): KernelFunc {
  let isKnown = true;
  return (args) => {
    const native = args.backend as TensorflowBackend;
    const { dy, input } = args.inputs as Record<'dy' | 'input', TensorInfo>;
    const pool = isKnown ? poolAttributes(native, input, args.attrs ?? {}) : undefined;
    if (pool === undefined) return stock(args);
    try {
      return tidy(() => {
        const [output, noted] = native.executeMultipleOutputs('_MklNativeMaxPool', pool, [input], 2) as [
          Tensor,
          Tensor,
        ];
        const inputs = [input, output, dy, noted];
        return native.executeMultipleOutputs('_MklNativeMaxPoolGrad', pool, inputs, 1)[0] as Tensor;
      });
    } catch {
      isKnown = false;
      return stock(args);
    }
  };
}

/** The attributes of max pooling by oneDNN; undefined where it does not support a case, as on a GPU. */
export function poolAttributes(
  { binding, isUsingGpuDevice = false }: TensorflowBackend,
  { shape, dtype }: TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: NamedAttrMap,
): OpAttribute[] | undefined {
  if (isUsingGpuDevice || dtype !== 'float32') return undefined;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = backend_util.computePool2DInfo(
    shape as Tensor4D['shape'],
    filterSize as Size,
    strides as Size,
    1,
    pad as 'same' | 'valid' | number,
    dimRoundingMode as 'floor' | 'round' | 'ceil' | undefined,
  );
  if (padInfo.type !== 'VALID' && padInfo.type !== 'SAME') return undefined;
  return [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'ksize', type: binding.TF_ATTR_INT, value: [1, filterHeight, filterWidth, 1] },
    { name: 'strides', type: binding.TF_ATTR_INT, value: [1, strideHeight, strideWidth, 1] },
    { name: 'padding', type: binding.TF_ATTR_STRING, value: padInfo.type },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'workspace_enabled', type: binding.TF_ATTR_BOOL, value: true },
    // With this label TensorFlow finds kernels that oneDNN has under their own name.
    { name: '_kernel', type: binding.TF_ATTR_STRING, value: 'MklNameChangeOp' },
  ];
}
