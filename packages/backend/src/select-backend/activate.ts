import { ready, setBackend } from '@tensorflow/tfjs-core';
import type { BackendName } from './backend-name.js';
import type { StartContext } from './candidate.js';

/** Makes a registered backend the current one, unless the caller has stopped waiting. */
export async function activate(name: BackendName, { signal }: Pick<StartContext, 'signal'>): Promise<void> {
  signal.throwIfAborted();
  if (!(await setBackend(name))) throw new Error('tfjs could not start it');
  await ready();
}
