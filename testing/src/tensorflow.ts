import process from 'node:process';
import { selectBackend } from '@kd/backend/node';

export { tfjsNode } from './tfjs-node.js';

/** Whether tfjs-node is built here, for tests of what runs on it alone; where `npm run test:native` has built it, it must start. */
export async function hasTensorflow(): Promise<boolean> {
  try {
    await selectBackend({ require: 'tensorflow' });
    return true;
  } catch (error) {
    if (process.env['KD_REQUIRE_TENSORFLOW'] !== undefined) throw error;
    return false;
  }
}
