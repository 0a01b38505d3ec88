import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { callsOf, faultAtEachCall, setFault } from '@kd/testing/file-system';
import { describe, expect, it, vi } from 'vitest';
import { withFolder } from '../test/folder.js';
import { takeLock, withLock } from './lock.js';
import { replaceFile } from './replace-file.js';

vi.mock('node:fs/promises', async (original) =>
  (await import('@kd/testing/file-system')).recorded(await original()),
);

const placeOf = (directory: string) => ({ where: 'test', argument: 'path', directory });
const write = (directory: string): Promise<void> =>
  withLock(placeOf(directory), (token) => replaceFile(join(directory, 'file'), 'text', token));
const dead = JSON.stringify({ host: hostname(), pid: 2 ** 22 + 1, token: '0123456789ab' });

describe.each([
  ['free', () => Promise.resolve()],
  [
    'of a dead owner',
    async (directory: string) => {
      await writeFile(join(directory, '.kd-lock'), dead);
      await writeFile(join(directory, '.writing-0123456789ab-00'), 'half');
    },
  ],
])('a lock that is %s', (_, prepare) => {
  it('does not stay when its process is killed, at any file-system call', async () => {
    const calls = await withFolder(async (root) => {
      const directoryOf = (call: number): string => join(root, String(call));
      return faultAtEachCall(
        'kill',
        async (call) => {
          const directory = directoryOf(call);
          // Before the fault can hit.
          await withoutFault(call, async () => {
            await (await takeLock(placeOf(directory))).release();
            await prepare(directory);
          });
          await write(directory);
        },
        async (failure, call) => {
          const directory = directoryOf(call);
          await write(directory);
          expect(await readdir(directory)).toEqual(['file']);
          expect(await readFile(join(directory, 'file'), 'utf8')).toBe('text');
        },
      );
    });
    expect(calls).toBeGreaterThanOrEqual(12);
  });
});

async function withoutFault(call: number, body: () => Promise<void>): Promise<void> {
  setFault();
  await body();
  setFault('kill', call);
}

it('can also be taken on a file system without hard links', () =>
  withFolder(async (directory) => {
    const names = (await callsOf(() => write(directory))).map(({ name }) => name);
    setFault({ code: 'EPERM' }, names.indexOf('link'));
    const lock = await takeLock(placeOf(directory));
    setFault();
    await expectKdError(() => takeLock(placeOf(directory)), 'KD_FILE_BUSY', String(process.pid));
    await lock.release();
    expect(await readdir(directory)).toEqual(['file']);
  }));

it('fails with the system’s error, and leaves nothing behind', () =>
  withFolder(async (directory) => {
    await faultAtEachCall(
      { code: 'EIO' },
      async () => (await takeLock(placeOf(directory))).release(),
      async (failure) => {
        if (failure !== undefined) expect(failure).toMatchObject({ code: 'EIO' });
        await write(directory);
        expect(await readdir(directory)).toEqual(['file']);
      },
    );
  }));
