import process from 'node:process';
import { selectBackend } from '@kd/backend/node';

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
