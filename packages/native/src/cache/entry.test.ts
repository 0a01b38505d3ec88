import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { expect, it } from 'vitest';
import { checkDiskSpace, takePartialEntry } from './entry.js';

it('asks for free space minus what is already there', async () => {
  await expectKdError(() => checkDiskSpace('/proc', false, '/none'), 'KD_DISK_FULL', '1.5', '0.0 GB');
});

it('reuses what an interrupted run left, and leaves runs in progress alone', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'kd-cache-'));
  const left = ['a.partial-1-00000000@elsewhere', 'b.partial-4000000-00000000@elsewhere'];
  for (const name of left) await mkdir(join(cache, name));
  await mkdir(join(cache, 'kept'));
  const own = await takePartialEntry(cache, 'a');
  expect(await readdir(cache)).toHaveLength(4);
  const old = new Date(Date.now() - 2 * 86_400_000);
  for (const name of left) await utimes(join(cache, name), old, old);
  await takePartialEntry(cache, 'a');
  // Its own process counts as one that was started again.
  expect((await readdir(cache)).length).toBe(2);
  expect(await readdir(cache)).not.toContain(own);
  await rm(cache, { recursive: true });
});
