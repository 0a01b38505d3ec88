import { ready, setBackend } from '@tensorflow/tfjs-core';
import type { BackendName } from './backend-name.js';

/** Makes a registered backend the current one. */
export async function activate(name: BackendName): Promise<void> {
  if (!(await setBackend(name))) throw new Error('tfjs could not start it');
  await ready();
}
