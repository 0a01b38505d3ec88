import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointDirectory } from '@kd/trainer/node';
import { expect, it } from 'vitest';
import { removeCheckpoints } from './remove-checkpoints.js';

it('removes only the checkpoints', async () => {
  const out = await mkdtemp(join(tmpdir(), 'experiment-'));
  const folder = join(out, 'checkpoints');
  await removeCheckpoints(out);
  for (const name of ['teacher', 'student']) await checkpointDirectory(join(folder, name)).save({});
  await mkdir(join(folder, 'mine', 'checkpoint-1'), { recursive: true });
  await writeFile(join(folder, 'mine', 'checkpoint-1', 'weights'), 'mine');
  await writeFile(join(folder, 'student', 'notes'), 'mine');
  await removeCheckpoints(out);
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(
    ['mine', 'mine/checkpoint-1', 'mine/checkpoint-1/weights', 'student', 'student/notes'].map((path) =>
      join(path),
    ),
  );
  await rm(join(folder, 'mine'), { recursive: true });
  await rm(join(folder, 'student'), { recursive: true });
  await checkpointDirectory(join(folder, 'teacher')).save({});
  await removeCheckpoints(out);
  expect(await readdir(out)).toEqual([]);
  await rm(out, { recursive: true });
});
