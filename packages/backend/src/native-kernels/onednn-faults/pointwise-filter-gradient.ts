import { tidy } from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { kernelsOn, stridesOf } from '../run-kernel.js';
import type { TensorflowBackend } from '../run-op.js';

type Shape4D = [number, number, number, number];

/** For convolutions: the 16 numbers in an AVX-512 register. */
export const forConvolution = (stock: KernelFunc): KernelFunc => withFewChannelsAsVolumes(stock, 16);

/**
 * For depthwise convolutions: with one channel they are ordinary convolutions, and oneDNN treats them as
 * such.
 */
export const forDepthwise = (stock: KernelFunc): KernelFunc => withFewChannelsAsVolumes(stock, 2);

/**
 * The filter gradient of a 1x1 convolution with strides and few channels, computed on volumes of depth one.
 *
 * On images, oneDNN (`jit_1x1`, `backward_weights`; 3.7.3, and unchanged upstream in August 2026) first
 * gathers the pixels that such a convolution reads. It reserves `C` numbers per pixel, but starts pixel `p`
 * at `16 p` with AVX-512 and at `8 p` with AVX2. With fewer channels, a part that starts inside an image is
 * written past the end of the buffer: the second thread's share of an odd batch, or a later part of a large
 * image. That corrupts the heap or the pixels of another thread. On volumes oneDNN does not gather, and is
 * equally fast.
 */
function withFewChannelsAsVolumes(stock: KernelFunc, enough: number): KernelFunc {
  return (args) => {
    const { x, dy } = args.inputs as Record<'x' | 'dy', TensorInfo>;
    const attrs = args.attrs ?? {};
    const filterShape = attrs['filterShape'] as Shape4D;
    const backend = args.backend as TensorflowBackend;
    if (filterShape[2] >= enough || !gathersPixels(attrs) || backend.isUsingGpuDevice === true)
      return stock(args);
    const run = kernelsOn(backend);
    const asVolume = (maps: TensorInfo): TensorInfo => {
      const [batch, ...map] = maps.shape as Shape4D;
      return run('Reshape', { x: maps }, { shape: [batch, 1, ...map] });
    };
    return tidy(() => {
      const window = {
        filterShape: [1, ...filterShape],
        strides: [1, ...stridesOf(attrs)],
        pad: attrs['pad'] as 'same' | 'valid',
      };
      const gradient = run('Conv3DBackpropFilterV2', { x: asVolume(x), dy: asVolume(dy) }, window);
      return run('Reshape', { x: gradient }, { shape: filterShape });
    });
  };
}

function gathersPixels(attrs: NamedAttrMap): boolean {
  const { filterShape, pad, dataFormat = 'NHWC' } = attrs;
  const [height, width] = filterShape as Shape4D;
  const hasStrides = stridesOf(attrs).some((stride) => stride > 1);
  return (
    height === 1 && width === 1 && hasStrides && (pad === 'same' || pad === 'valid') && dataFormat === 'NHWC'
  );
}
