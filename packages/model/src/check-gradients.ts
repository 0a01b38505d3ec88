import { getGradient } from '@tensorflow/tfjs-core';
import { KdError } from '@kd/core';

/**
 * Throws `KD_GRADIENT_UNAVAILABLE` if only `@tensorflow/tfjs-core` is loaded, which registers no gradients
 * under Node.
 */
export function checkGradientsRegistered(where: string): void {
  if ((getGradient('Sum') as unknown) !== undefined) return;
  throw new KdError({
    code: 'KD_GRADIENT_UNAVAILABLE',
    where,
    argument: 'the gradients of tfjs',
    expected: 'registered',
    received: 'none',
    remedy: 'Import @tensorflow/tfjs-layers or @tensorflow/tfjs before training; either registers them.',
  });
}
