import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import { backend } from '@tensorflow/tfjs-core';

export { tfjsNode } from './tfjs-node.js';

/**
 * Whether tfjs-node is built here, for tests that need it. If `npm run test:native` built it, it must start.
 */
export async function hasTensorflow(): Promise<boolean> {
  try {
    await selectBackend({ require: 'tensorflow' });
    return true;
  } catch (error) {
    if (process.env['KD_REQUIRE_TENSORFLOW'] !== undefined) throw error;
    return false;
  }
}

/** Runs `body` on tfjs-node; returns how many tensors it read back from TensorFlow. */
export function readsOnTensorflow(body: () => void): number {
  const native = backend() as unknown as { binding: { tensorDataSync(id: number): unknown } };
  const { binding } = native;
  let reads = 0;
  // The functions of the addon cannot be replaced, but the object around them can.
  native.binding = Object.create(binding, {
    tensorDataSync: {
      value: (id: number) => {
        reads++;
        return binding.tensorDataSync(id);
      },
    },
  }) as typeof binding;
  try {
    body();
  } finally {
    native.binding = binding;
  }
  return reads;
}
