import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { composed } from '../composed.js';
import type { RunKernel } from '../composed.js';

type Given = Parameters<KernelFunc>[0];

interface Windows {
  readonly pad: unknown;
  readonly strides: number | readonly number[];
  readonly filterSize?: number | readonly number[];
  readonly filterShape?: readonly number[];
  readonly inputShape?: readonly number[];
}

/** Makes a kernel over volumes of a backend right for padding "same" and strides longer than the filter. */
export type Reaching = (stock: KernelFunc, backendName: string) => KernelFunc;

/**
 * For such strides tfjs computes a negative padding, which moves all windows. A window then starts at every
 * multiple of the stride, so we cut off what the last one does not reach. What is left needs no padding.
 */
export const overVolumes: Reaching = (stock, backendName) => (given) => {
  const { x } = given.inputs as { x: TensorInfo };
  return (
    onReached(given, x.shape, backendName, (reached, run, temporary) =>
      temporary(stock({ ...given, inputs: { ...given.inputs, x: cut(run, x, reached) } }) as TensorInfo),
    ) ?? stock(given)
  );
};

/** The same for the gradient of a pooling over volumes. */
export const poolingGradientOverVolumes: Reaching = (stock, backendName) => (given) => {
  const { input } = given.inputs as { input: TensorInfo };
  return (
    onReached(given, input.shape, backendName, (reached, run, temporary) => {
      const inputs = { ...given.inputs, input: cut(run, input, reached) };
      return extend(run, temporary(stock({ ...given, inputs }) as TensorInfo), input.shape);
    }) ?? stock(given)
  );
};

/** The same for the gradient of a convolution over volumes with respect to its input. */
export const inputGradientOverVolumes: Reaching = (stock, backendName) => (given) => {
  const { inputShape } = given.attrs as unknown as { inputShape: number[] };
  return (
    onReached(given, inputShape, backendName, (reached, run, temporary) => {
      const attrs = { ...given.attrs, inputShape: reached };
      return extend(run, temporary(stock({ ...given, attrs }) as TensorInfo), inputShape);
    }) ?? stock(given)
  );
};

function onReached(
  given: Given,
  shape: readonly number[],
  backendName: string,
  body: (reached: number[], run: RunKernel, temporary: (x: TensorInfo) => TensorInfo) => TensorInfo,
): TensorInfo | undefined {
  const windows = given.attrs as unknown as Windows;
  if (windows.pad !== 'same') return undefined;
  const { filter } = given.inputs as { filter?: TensorInfo };
  const filterSize = windows.filterSize ?? windows.filterShape ?? filter?.shape ?? 1;
  const reached = shape.map((size, axis) => {
    if (axis === 0 || axis > 3) return size;
    const stride = along(windows.strides, axis - 1);
    return Math.min(size, (Math.ceil(size / stride) - 1) * stride + along(filterSize, axis - 1));
  });
  if (reached.every((size, axis) => size === shape[axis])) return undefined;
  return composed(
    given.backend as KernelBackend,
    (run, temporary) => body(reached, run, temporary),
    backendName,
  );
}

function along(sizes: number | readonly number[], axis: number): number {
  return typeof sizes === 'number' ? sizes : (sizes[axis] as number);
}

function cut(run: RunKernel, x: TensorInfo, size: readonly number[]): TensorInfo {
  return run('Slice', { x }, { begin: size.map(() => 0), size });
}

function extend(run: RunKernel, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const paddings = shape.map((size, axis) => [0, size - (x.shape[axis] as number)]);
  return run('PadV2', { x }, { paddings, constantValue: 0 });
}
