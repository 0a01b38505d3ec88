import { KdError } from '@kd/core';
import type { BackendName } from './backend-name.js';
import type { SkippedBackend } from './choose-backend.js';
import { notInstalled } from './try-candidate.js';

// Of the two packages of "tensorflow", the one that needs no GPU.
const recommended: Readonly<Record<BackendName, string>> = {
  tensorflow: '@tensorflow/tfjs-node',
  webgpu: '@tensorflow/tfjs-backend-webgpu',
  wasm: '@tensorflow/tfjs-backend-wasm',
  webgl: '@tensorflow/tfjs-backend-webgl',
  cpu: '@tensorflow/tfjs-backend-cpu',
};

/** The error `KD_BACKEND_UNAVAILABLE`, with the package to install. */
export function unavailable(
  where: string,
  required: BackendName | undefined,
  skipped: readonly SkippedBackend[],
): KdError {
  const tried = skipped.map(({ package: name, reason }) => `${name}: ${reason}`).join('; ');
  const advised = recommended[required ?? 'wasm'];
  const absent = skipped.some(({ package: name, reason }) => name === advised && reason === notInstalled);
  const advice = absent ? `Install it: npm install ${advised}` : `Repair the installation of ${advised}`;
  return new KdError({
    code: 'KD_BACKEND_UNAVAILABLE',
    where,
    argument: required === undefined ? 'one of the backends' : 'options.require',
    expected: required === undefined ? 'installed and working' : 'a backend that is installed and works',
    received: `${required === undefined ? 'none' : `"${required}"`} (${tried})`,
    remedy: required === undefined ? `${advice}.` : `${advice}, or leave options.require out.`,
  });
}
