import { KdError } from '@kd/core';
import type { BackendName } from './backend-name.js';
import { notInstalled } from './try-candidate.js';
import type { SkippedBackend } from './try-candidate.js';
import { tensorflowCommand } from '../tensorflow/tfjs-packages.js';

const recommended: Readonly<Record<Exclude<BackendName, 'tensorflow'>, string>> = {
  webgpu: '@tensorflow/tfjs-backend-webgpu',
  wasm: '@tensorflow/tfjs-backend-wasm',
  webgl: '@tensorflow/tfjs-backend-webgl',
  cpu: '@tensorflow/tfjs-backend-cpu',
};

/** The error `KD_BACKEND_UNAVAILABLE`, with advice about the package to install. */
export function unavailable(
  where: string,
  required: BackendName | undefined,
  skipped: readonly SkippedBackend[],
): KdError {
  const tried = skipped.map(({ package: name, reason }) => `${name}: ${reason}`).join('; ');
  const advice = adviceFor(required ?? 'wasm', (from) =>
    skipped.some(({ package: name, reason }) => name === from && reason === notInstalled),
  );
  return new KdError({
    code: 'KD_BACKEND_UNAVAILABLE',
    where,
    argument: required === undefined ? 'one of the backends' : 'options.require',
    expected: required === undefined ? 'installed and working' : 'an installed and working backend',
    received: `${required === undefined ? 'none' : `"${required}"`} (${tried})`,
    remedy: required === undefined ? `${advice}.` : `${advice}, or leave options.require out.`,
  });
}

function adviceFor(name: BackendName, isAbsent: (from: string) => boolean): string {
  if (name === 'tensorflow') return `Run: ${tensorflowCommand(isAbsent)}`;
  const advised = recommended[name];
  return isAbsent(advised) ? `Install it: npm install ${advised}` : `Repair the installation of ${advised}`;
}
