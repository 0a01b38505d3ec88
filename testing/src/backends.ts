import process from 'node:process';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { registerTrainingKernels } from '@kd/backend';
import { ready, setBackend } from '@tensorflow/tfjs-core';
import { tfjsNode } from './tfjs-node.js';

/** A backend on which the tests compute. */
export type TestBackend = 'cpu' | 'wasm' | 'tensorflow';

// Set by `npm run test:native`.
const onTensorflow = process.env['KD_TEST_BACKEND'] === 'tensorflow';

/** The backends whose values are compared with the references. */
export const backends: readonly TestBackend[] = onTensorflow ? ['tensorflow'] : ['cpu', 'wasm'];

/** Makes a backend the current one, for `beforeAll`; in `npm run test:native`, TensorFlow instead of cpu. */
export async function useBackend(name: TestBackend): Promise<void> {
  const used = onTensorflow && name === 'cpu' ? 'tensorflow' : name;
  // Imported by a name that compilers do not resolve, because it may not be installed.
  if (used === 'tensorflow') {
    await import(tfjsNode);
    // Set up as by selectBackend, so that the tests run what users run.
    registerTrainingKernels();
  }
  if (!(await setBackend(used))) throw new Error(`The backend ${used} did not start.`);
  await ready();
}
