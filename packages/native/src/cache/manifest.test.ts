import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkTrusted, isWhole, writeManifest } from './manifest.js';

let entry: string;
beforeEach(async () => {
  entry = await mkdtemp(join(tmpdir(), 'kd-entry-'));
  await mkdir(join(entry, 'deps/lib'), { recursive: true });
  await writeFile(join(entry, 'deps/lib/a.so'), 'library a');
  await writeFile(join(entry, 'deps/lib/b.so'), 'library b');
  await writeManifest(entry);
});
afterEach(() => rm(entry, { recursive: true }));

const library = (name: string): string => join(entry, 'deps/lib', name);

describe('a cache entry', () => {
  it('is valid as written, and is read completely', async () => {
    const shares: number[] = [];
    expect(await isWhole(entry, (share) => shares.push(share))).toBe(true);
    expect(shares).toEqual([0.5, 1]);
  });

  it.each([
    ['a changed file of the same length', () => writeFile(library('a.so'), 'LIBRARY A')],
    ['a shorter file', () => writeFile(library('b.so'), '')],
    ['a file that is gone', () => rm(library('a.so'))],
    ['one more file, which a loader may find', () => writeFile(library('libstdc++.so.6'), '')],
    ['a link to a directory', () => symlink('/', library('all'))],
    [
      'a link in place of a file',
      async () => {
        await rename(library('a.so'), `${entry}.so`);
        await symlink(`${entry}.so`, library('a.so'));
      },
    ],
    ['no manifest', () => rm(join(entry, 'manifest.json'))],
    ['a manifest of another kind', () => writeFile(join(entry, 'manifest.json'), '{"format": 3}')],
  ])('is not whole with %s', async (_, change) => {
    await change();
    expect(await isWhole(entry)).toBe(false);
    await rm(`${entry}.so`, { force: true });
  });

  it('is refused if another user can change one of its files', async () => {
    await chmod(library('a.so'), 0o666);
    await expectKdError(() => isWhole(entry), 'KD_CACHE_UNTRUSTED', library('a.so'));
  });
});

it('trusts files that belong to the user or root and that others cannot change', async () => {
  const mine = { uid: 1000, mode: 0o40755 };
  for (const access of [mine, { ...mine, uid: 0 }, { ...mine, mode: 0o40775 }, { uid: 0, mode: 0o41777 }])
    checkTrusted('/cache', access, 1000);
  const code = 'KD_CACHE_UNTRUSTED';
  const refused =
    (change: object, user = 1000) =>
    () => {
      checkTrusted('/cache', { ...mine, ...change }, user);
    };
  await expectKdError(refused({ uid: 1001 }), code, '"/cache"', 'user 1001', '--cache');
  await expectKdError(refused({}, 0), code, 'user 1000');
  await expectKdError(refused({ mode: 0o40757 }), code, 'every user can write', '"/cache"');
});
