import { access, constants, mkdir } from 'node:fs/promises';
import { KdError } from '@kd/core';

/**
 * Creates the folder for the results before the first step, so that a wrong path fails at once and not after
 * minutes of training.
 */
export async function makeResultsFolder(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    await access(out, constants.W_OK);
  } catch (cause) {
    throw new KdError({
      code: 'KD_FILE_WRITE',
      where: 'the example',
      argument: '--out',
      expected: 'a writable folder',
      received: JSON.stringify(out),
      remedy: 'Choose another folder, or check its permissions.',
      cause,
    });
  }
}
