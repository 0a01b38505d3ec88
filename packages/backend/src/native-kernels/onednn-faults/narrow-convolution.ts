import { backend_util, tidy } from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { kernelsOn, stridesOf } from '../run-kernel.js';
import type { TensorflowBackend } from '../run-op.js';

type Pad = 'same' | 'valid' | number | backend_util.ExplicitPadding;

/**
 * A convolution with one channel, an output one pixel wide and a stride along the width only, computed with
 * rows and columns swapped.
 *
 * oneDNN 3.7.3 (`brg_conv_fwd` with AVX-512) leaves outputs of such convolutions unwritten: they hold
 * whatever was in that memory. Swapped, they are correct.
 */
export function withNarrowOutputsSwapped(stock: KernelFunc): KernelFunc {
  return (args) => {
    const { x, filter } = args.inputs as Record<'x' | 'filter', TensorInfo>;
    const alpha = args.inputs['preluActivationWeights'];
    const backend = args.backend as TensorflowBackend;
    const attrs = args.attrs ?? {};
    const height = heightIfNarrow(x, filter, attrs);
    if (height === undefined || backend.isUsingGpuDevice === true) return stock(args);
    const run = kernelsOn(backend);
    return tidy(() => {
      const swapped = {
        x: run('Transpose', { x }, { perm: [0, 2, 1, 3] }),
        filter: run('Transpose', { x: filter }, { perm: [1, 0, 2, 3] }),
        ...(alpha?.shape.length === 3 && {
          preluActivationWeights: run('Transpose', { x: alpha }, { perm: [1, 0, 2] }),
        }),
      };
      const inputs = { ...args.inputs, ...swapped };
      const output = stock({ ...args, inputs, attrs: { ...attrs, ...swappedWindow(attrs) } }) as Tensor4D;
      const [batch, , , filters] = output.shape;
      return run('Reshape', { x: output }, { shape: [batch, height, 1, filters] });
    });
  };
}

function swappedWindow(attrs: NamedAttrMap): NamedAttrMap {
  const pad = attrs['pad'] as Pad;
  const swappedPad = Array.isArray(pad) ? [pad[0], pad[2], pad[1], pad[3]] : pad;
  return { strides: stridesOf(attrs).reverse(), pad: swappedPad };
}

/** The output height of a convolution that oneDNN gets wrong. */
function heightIfNarrow(x: TensorInfo, filter: TensorInfo, attrs: NamedAttrMap): number | undefined {
  const [down, right] = stridesOf(attrs);
  const { pad, dilations, dimRoundingMode, dataFormat = 'NHWC' } = attrs;
  if (x.shape[3] !== 1 || right === 1 || down !== 1 || dataFormat !== 'NHWC') return undefined;
  const { outHeight, outWidth } = backend_util.computeConv2DInfo(
    x.shape as Tensor4D['shape'],
    filter.shape as Tensor4D['shape'],
    [down, right],
    dilations as number | [number, number],
    pad as Pad,
    dimRoundingMode as 'floor' | 'round' | 'ceil' | undefined,
  );
  return outWidth === 1 && outHeight > 1 ? outHeight : undefined;
}
