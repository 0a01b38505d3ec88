import type * as files from 'node:fs/promises';
import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { KdError } from '@kd/core';
import { expect, it, vi } from 'vitest';
import { withFolder } from '../../test/small.js';
import { withLock } from './lock.js';

// The run that has just got the lock is the slowest to go on: the others meet a lock whose owner is not inside yet.
vi.mock('node:fs/promises', async (load) => {
  const original = await load<typeof files>();
  let removals = 0;
  const slow: typeof original.rm = async (...args) => {
    await setTimeout(removals++ === 0 ? 50 : 0);
    return original.rm(...args);
  };
  return { ...original, rm: slow };
});

it('lets one in at a time, however many of a process come at once', () =>
  withFolder(async (directory) => {
    let inside = 0;
    let most = 0;
    const enter = (): Promise<void> =>
      withLock('test', directory, async () => {
        most = Math.max(most, (inside += 1));
        await setTimeout(100);
        inside -= 1;
      });
    for (let round = 0; round < 3; round++) {
      const runs = await Promise.allSettled(Array.from({ length: 8 }, enter));
      expect(runs.some(({ status }) => status === 'fulfilled')).toBe(true);
      for (const run of runs)
        if (run.status === 'rejected')
          expect(KdError.isInstance(run.reason) && run.reason.code).toBe('KD_TARGETS_BUSY');
    }
    expect(most).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  }));
