import { access, constants, mkdir } from 'node:fs/promises';
import { KdError } from '@kd/core';

/**
 * Makes the folder of the results before the first step: a wrong path is not to be found out after minutes of
 * training.
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
      expected: 'a folder that can be written to',
      received: JSON.stringify(out),
      remedy: 'Choose another folder, or look at its permissions.',
      cause,
    });
  }
}
