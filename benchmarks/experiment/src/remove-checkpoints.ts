import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointDirectory } from '@kd/trainer/node';

/**
 * Removes the checkpoints of a finished experiment, so that the next run starts from scratch: those in
 * `checkpoints` in the folder for the results. Other files stay.
 */
export async function removeCheckpoints(out: string): Promise<void> {
  const folder = join(out, 'checkpoints');
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isDirectory()) await checkpointDirectory(join(folder, entry.name)).remove();
  await rmdir(folder).catch(() => undefined);
}
