import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

/**
 * Runs `body` and frees what it marked as temporary, because the engine does not track data that a kernel
 * creates besides its output.
 */
export function withTemporaries<T>(
  backend: KernelBackend,
  body: (temporary: (x: TensorInfo) => TensorInfo) => T,
): T {
  const made: TensorInfo[] = [];
  try {
    return body((x) => {
      made.push(x);
      return x;
    });
  } finally {
    for (const { dataId } of made) backend.disposeData(dataId);
  }
}
