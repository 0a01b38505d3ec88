import { backend_util, tidy } from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import type { OpAttribute, TensorflowBackend } from './run-op.js';

type Size = number | [number, number];

/**
 * The gradient of max pooling by oneDNN, which notes in the forward where each maximum was. That forward is run again, as tfjs does not keep what it noted, and
 * both together take half the time of TensorFlow's `MaxPoolGrad`, which looks for the maxima on its own.
 *
 * TensorFlow has no name in public for these operations. Where it does not know them, or in a case that they do not have, its own runs.
 */
export function withOneDnn(stock: KernelFunc): KernelFunc {
  let isKnown = true;
  return (args) => {
    const native = args.backend as TensorflowBackend;
    const { dy, input } = args.inputs as Record<'dy' | 'input', TensorInfo>;
    const pool = attributesOf(native, input, args.attrs ?? {});
    if (!isKnown || native.isUsingGpuDevice === true || input.dtype !== 'float32' || pool === undefined)
      return stock(args);
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

function attributesOf(
  { binding }: TensorflowBackend,
  { shape }: TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: NamedAttrMap,
): OpAttribute[] | undefined {
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
    // By which TensorFlow tells kernels that oneDNN has under a name of their own.
    { name: '_kernel', type: binding.TF_ATTR_STRING, value: 'MklNameChangeOp' },
  ];
}
