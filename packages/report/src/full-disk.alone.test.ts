import type * as FileSystem from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expectKdError } from '@kd/testing';
import { expect, it, vi } from 'vitest';
import { end, start, step } from '../test/events.js';
import { withFile } from '../test/folder.js';
import { jsonLines } from './json-lines.js';

const disk = vi.hoisted(() => ({ free: Infinity }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof FileSystem>();
  return {
    ...real,
    writeSync: (handle: number, bytes: Buffer, from: number) => {
      const fits = Math.min(disk.free, bytes.length - from);
      if (fits === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      disk.free -= fits;
      return real.writeSync(handle, bytes, from, fits);
    },
  };
});

it('says that the disk is full, and leaves complete lines only', () =>
  withFile(async (file) => {
    const onEvent = jsonLines(file);
    onEvent(start());
    const whole = await readFile(file, 'utf8');
    disk.free = 20;
    await expectKdError(
      () => {
        onEvent(step(0));
      },
      'KD_DISK_FULL',
      'events.jsonl',
    );
    expect(await readFile(file, 'utf8')).toBe(whole);
    disk.free = Infinity;
    onEvent(end());
    expect(await readFile(file, 'utf8')).toBe(`${whole}${JSON.stringify(end())}\n`);
  }));
