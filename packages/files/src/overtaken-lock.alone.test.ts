import type * as files from 'node:fs/promises';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { expect, it, vi } from 'vitest';
import { withFolder } from '../test/folder.js';
import { takeLock } from './lock.js';

let beforeLink: ((to: string) => Promise<void>) | undefined;
vi.mock('node:fs/promises', async (load) => {
  const original = await load<typeof files>();
  const link: typeof original.link = async (from, to) => {
    const hook = beforeLink;
    if (String(to).includes('-after-')) {
      beforeLink = undefined;
      await hook?.(String(to));
    }
    await original.link(from, to);
  };
  return { ...original, link };
});

it('leaves the lock to a run that has replaced the dead owner’s lock meanwhile', () =>
  withFolder(async (directory) => {
    const take = () => takeLock({ where: 'test', argument: 'path', directory });
    const dead = { host: hostname(), pid: 2 ** 22 + 1, token: '0123456789ab' };
    await writeFile(join(directory, '.kd-lock'), JSON.stringify(dead));
    let faster: Awaited<ReturnType<typeof take>> | undefined;
    beforeLink = async () => {
      faster = await take();
    };
    await expectKdError(take, 'KD_FILE_BUSY', String(process.pid));
    expect(await readdir(directory)).toEqual(['.kd-lock']);
    expect(await readFile(join(directory, '.kd-lock'), 'utf8')).toContain(faster?.token);
    await faster?.release();
  }));
