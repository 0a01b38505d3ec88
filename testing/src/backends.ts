import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { ready, setBackend } from '@tensorflow/tfjs-core';

/** The backends on which values are compared with the references. */
export const backends = ['cpu', 'wasm'] as const;

/** Makes a backend the current one; for `beforeAll`. */
export async function useBackend(name: (typeof backends)[number]): Promise<void> {
  if (!(await setBackend(name))) throw new Error(`The backend ${name} did not start.`);
  await ready();
}
