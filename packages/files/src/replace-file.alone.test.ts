import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callsOf, expectOnDisk, faultAtEachCall } from '@kd/testing/file-system';
import type { Fault } from '@kd/testing/file-system';
import { expect, it, vi } from 'vitest';
import { withFolder } from '../test/folder.js';
import { replaceFile } from './replace-file.js';

vi.mock('node:fs/promises', async (original) =>
  (await import('@kd/testing/file-system')).recorded(await original()),
);

it.each<Fault>(['kill', { code: 'ENOSPC' }])(
  'leaves the old file or the new one, at each call: %o',
  (fault) =>
    withFolder(async (folder) => {
      const file = join(folder, 'file');
      const seen: string[] = [];
      await replaceFile(file, 'old');
      const calls = await faultAtEachCall(
        fault,
        () => replaceFile(file, Buffer.from('new')),
        async () => {
          seen.push(await readFile(file, 'utf8'));
          if (fault !== 'kill') expect(await readdir(folder)).toEqual(['file']);
          await replaceFile(file, 'old');
        },
      );
      // Open, write, sync, rename, sync; and none.
      expect(calls).toBe(5);
      expect(seen).toEqual(['old', 'old', 'old', 'old', 'new', 'new']);
    }),
);

it('syncs the file, then its name', () =>
  withFolder(async (folder) => {
    const calls = await callsOf(() => replaceFile(join(folder, 'file'), 'text'));
    expect(calls.map(({ name }) => name)).toEqual(['open', 'write', 'sync', 'rename', 'sync']);
    expect(calls.at(-1)?.path).toBe(folder);
    expectOnDisk(calls);
    for (const left of [2, 4])
      expect(() => {
        expectOnDisk(calls.filter((_, index) => index !== left));
      }).toThrow('sync of');
  }));
