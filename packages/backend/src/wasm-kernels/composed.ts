import { getKernel } from '@tensorflow/tfjs-core';
import type { KernelBackend, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';

/** Runs a kernel of wasm; its result is freed when the composition is done. */
export type RunKernel = (
  name: string,
  inputs: NamedTensorInfoMap,
  attributes?: Readonly<Record<string, unknown>>,
) => TensorInfo;

/**
 * A kernel made of others: gives what `body` returns, and frees everything else that it ran for or named temporary. The engine
 * does not know of data that a kernel makes besides its output.
 */
export function composed(
  backend: KernelBackend,
  body: (run: RunKernel, temporary: (x: TensorInfo) => TensorInfo) => TensorInfo,
): TensorInfo {
  const made: TensorInfo[] = [];
  const temporary = (x: TensorInfo): TensorInfo => {
    made.push(x);
    return x;
  };
  const run: RunKernel = (name, inputs, attributes) => {
    const attrs = { ...attributes } as NonNullable<Parameters<typeof kernelFunc>[0]['attrs']>;
    const { kernelFunc } = getKernel(name, 'wasm');
    return temporary(kernelFunc({ inputs, backend, attrs }) as TensorInfo);
  };
  let result: TensorInfo | undefined;
  try {
    result = body(run, temporary);
    return result;
  } finally {
    // A reshape shares the data of its input and counts as one more user of it.
    for (const output of made) if (output !== result) backend.disposeData(output.dataId);
  }
}
