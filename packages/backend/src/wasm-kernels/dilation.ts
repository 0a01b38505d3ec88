import { backend_util } from '@tensorflow/tfjs-core';
import type { Dilation2DAttrs, KernelBackend, KernelFunc } from '@tensorflow/tfjs-core';
import type { Inputs } from './convolution/windows.js';
import { floats, zeros } from './heap.js';

type Given = Parameters<KernelFunc>[0];
type Visit = (output: number, maximum: number, input: number, tap: number) => void;

/**
 * Grayscale dilation, the maximum of `x + filter` in each window. The stock kernel starts from 1.2e-38, so it
 * returns that for windows whose sums are all negative; and its gradients miss them.
 */
export const dilation: KernelFunc = (given) => {
  const backend = given.backend as KernelBackend;
  const output = zeros(backend, windowsOf(given).outShape);
  const values = floats(backend, output);
  visitMaxima(given, (place, maximum) => {
    values[place] = maximum;
  });
  return output;
};

/** Its gradient with respect to the input: dy goes to the pixel of each maximum. */
export const dilationInputGradient: KernelFunc = gradientOf('x', (input) => input);

/** Its gradient with respect to the filter: dy goes to the tap of each maximum. */
export const dilationFilterGradient: KernelFunc = gradientOf('filter', (_, tap) => tap);

function gradientOf(name: 'x' | 'filter', placeOf: (input: number, tap: number) => number): KernelFunc {
  return (given) => {
    const backend = given.backend as KernelBackend;
    const { dy, ...operands } = given.inputs as Inputs<'x' | 'filter' | 'dy'>;
    const gradient = zeros(backend, operands[name].shape);
    const sums = floats(backend, gradient);
    const slope = floats(backend, dy);
    visitMaxima(given, (output, _, input, tap) => {
      const place = placeOf(input, tap);
      sums[place] = (sums[place] as number) + (slope[output] as number);
    });
    return gradient;
  };
}

function windowsOf({ inputs, attrs }: Given): ReturnType<typeof backend_util.computeDilation2DInfo> {
  const { x, filter } = inputs as Inputs<'x' | 'filter'>;
  const { strides, pad, dilations } = attrs as unknown as Dilation2DAttrs;
  const shapes = [x.shape, filter.shape] as [[number, number, number, number], [number, number, number]];
  return backend_util.computeDilation2DInfo(...shapes, strides, pad, 'NHWC', dilations);
}

function visitMaxima(given: Given, visit: Visit): void {
  const { x, filter } = given.inputs as Inputs<'x' | 'filter'>;
  const image = floats(given.backend as KernelBackend, x);
  const taps = floats(given.backend as KernelBackend, filter);
  const info = windowsOf(given);
  const { inHeight, inWidth, inChannels: channels, filterHeight, filterWidth, padInfo } = info;
  let output = 0;
  for (let b = 0; b < info.batchSize; b++)
    for (let h = 0; h < info.outHeight; h++)
      for (let w = 0; w < info.outWidth; w++)
        for (let c = 0; c < channels; c++, output++) {
          let [maximum, input, place] = [-Infinity, -1, -1];
          for (let i = 0; i < filterHeight; i++) {
            const row = h * info.strideHeight - padInfo.top + i * info.dilationHeight;
            if (row < 0 || row >= inHeight) continue;
            for (let j = 0; j < filterWidth; j++) {
              const column = w * info.strideWidth - padInfo.left + j * info.dilationWidth;
              if (column < 0 || column >= inWidth) continue;
              const pixel = ((b * inHeight + row) * inWidth + column) * channels + c;
              const tap = (i * filterWidth + j) * channels + c;
              const sum = (image[pixel] as number) + (taps[tap] as number);
              // NaN stays the maximum, because every comparison with it is false.
              if (input === -1 || sum > maximum || Number.isNaN(sum))
                [maximum, input, place] = [sum, pixel, tap];
            }
          }
          if (input >= 0) visit(output, maximum, input, place);
        }
}
