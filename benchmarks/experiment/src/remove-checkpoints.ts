import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointDirectory } from '@kd/trainer/node';

/**
 * Removes the checkpoints of an experiment that has come to its end, so that the next one begins anew: those
 * in the folders of `checkpoints` in the folder of its results. Whatever else is there stays.
 */
export async function removeCheckpoints(out: string): Promise<void> {
  const folder = join(out, 'checkpoints');
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isDirectory()) await checkpointDirectory(join(folder, entry.name)).remove();
  await rmdir(folder).catch(() => undefined);
}
