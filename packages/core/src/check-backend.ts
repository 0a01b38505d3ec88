import { engine } from '@tensorflow/tfjs-core';
import { KdError } from './kd-error.js';

/**
 * Throws `KD_BACKEND_UNAVAILABLE` if the program has imported no backend of TensorFlow.js.
 *
 * For functions that make tensors from plain numbers: all others are given tensors, which need a backend.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { checkBackend } from '@kd/core';
 * checkBackend('myTeacher');
 * ```
 */
export function checkBackend(where: string): void {
  if (Object.keys(engine().registryFactory).length > 0) return;
  throw new KdError({
    code: 'KD_BACKEND_UNAVAILABLE',
    where,
    argument: 'the backend of TensorFlow.js',
    expected: 'imported before the first tensor is made',
    received: 'none',
    remedy:
      "Install one and import it: import '@tensorflow/tfjs-backend-cpu'; or call selectBackend of @kd/backend.",
  });
}
