import { getKernel } from '@tensorflow/tfjs-core';
import type { KernelBackend, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';

/** Runs a kernel; the result is freed at the end of the composition. */
export type RunKernel = (
  name: string,
  inputs: NamedTensorInfoMap,
  attributes?: Readonly<Record<string, unknown>>,
) => TensorInfo;

/**
 * A kernel composed of others: returns the result of `body`, and frees everything else that it computed or
 * marked as temporary. The engine does not track data that a kernel creates besides its output.
 *
 * @param backendName the tfjs name of `backend`; default wasm
 */
export function composed(
  backend: KernelBackend,
  body: (run: RunKernel, temporary: (x: TensorInfo) => TensorInfo) => TensorInfo,
  backendName = 'wasm',
): TensorInfo {
  const made: TensorInfo[] = [];
  const temporary = (x: TensorInfo): TensorInfo => {
    made.push(x);
    return x;
  };
  const run: RunKernel = (name, inputs, attributes) => {
    const attrs = { ...attributes } as NonNullable<Parameters<typeof kernelFunc>[0]['attrs']>;
    const { kernelFunc } = getKernel(name, backendName);
    return temporary(kernelFunc({ inputs, backend, attrs }) as TensorInfo);
  };
  let result: TensorInfo | undefined;
  try {
    result = body(run, temporary);
    return result;
  } finally {
    // A reshape shares the data of its input and counts as another user of it.
    for (const output of made) if (output !== result) backend.disposeData(output.dataId);
  }
}
