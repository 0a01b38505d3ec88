import '@tensorflow/tfjs-backend-cpu';
import { expectKdError, useBackend } from '@kd/testing';
import { callsOf, expectOnDisk, faultAtEachCall, setFault } from '@kd/testing/file-system';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { batchOf, examples, logitsOf, sineTeacher, withFolder } from '../../test/small.js';
import { batchesOf, textTeacher } from '../../test/texts.js';
import { storedTeacher } from '../read/stored-teacher.js';
import { storeSoftTargets } from './store-soft-targets.js';

vi.mock('node:fs/promises', async (original) =>
  (await import('@kd/testing/file-system')).recorded(await original()),
);

beforeAll(() => useBackend('cpu'));
afterEach(() => {
  setFault();
});

const n = 20;
const rows = Array.from({ length: n }, (_, row) => row);
const store = (out: string) =>
  storeSoftTargets({ teacher: sineTeacher(), data: examples(n), out, batchSize: 3, rowsPerFile: 8 });

/** Texts of one to seven tokens, padded to the longest of their batch. */
const storeTexts = (out: string) =>
  storeSoftTargets({ teacher: textTeacher(), data: batchesOf(rows, 3), out, outputs: ['output'], topK: 2, rowsPerFile: 8 }); // prettier-ignore

/** Expects a directory to have the bytes of an uninterrupted run, and nothing else. */
async function expectSameBytes(out: string, whole: string): Promise<void> {
  const names = await readdir(whole);
  expect((await readdir(out)).sort()).toEqual(names.sort());
  for (const name of names)
    expect(await readFile(join(out, name))).toEqual(await readFile(join(whole, name)));
}

async function expectWhole(out: string, whole: string): Promise<void> {
  await expectSameBytes(out, whole);
  const { members } = await (
    await storedTeacher(out)
  ).predict(batchOf(rows), { outputs: ['output'], taps: [] });
  expect([...((await members[0]?.outputs['output']?.data()) ?? [])]).toEqual(logitsOf(rows));
}

describe('a run that is killed', () => {
  it('resumes after any call to the file system, and ends with the bytes of an uninterrupted run', () =>
    withFolder(async (folder) => {
      const whole = join(folder, 'whole');
      expectOnDisk(await callsOf(() => store(whole)));
      const calls = await faultAtEachCall(
        'kill',
        (call) => store(join(folder, String(call))),
        async (_, call) => {
          await store(join(folder, String(call)));
          await expectWhole(join(folder, String(call)), whole);
        },
      );
      expect(calls).toBeGreaterThan(25);
    }));

  it('resumes in the middle of texts of different lengths, and ends with the same bytes', () =>
    withFolder(async (folder) => {
      const whole = join(folder, 'whole');
      await storeTexts(whole);
      const calls = await faultAtEachCall(
        'kill',
        (call) => storeTexts(join(folder, String(call))),
        async (_, call) => {
          await storeTexts(join(folder, String(call)));
          await expectSameBytes(join(folder, String(call)), whole);
        },
      );
      expect(calls).toBeGreaterThan(25);
    }));

  it('resumes after several kills in a row', () =>
    withFolder(async (folder) => {
      const [whole, out] = [join(folder, 'whole'), join(folder, 'out')];
      await store(whole);
      for (let calls = 0; calls < 30; calls += 3) {
        setFault('kill', calls);
        await store(out).catch(() => undefined);
      }
      setFault();
      await store(out);
      await expectWhole(out, whole);
    }));
});

describe('a run that fails', () => {
  it.each([
    ['ENOSPC', 'KD_DISK_FULL', 'no space left', 'Free some space'],
    ['EDQUOT', 'KD_DISK_FULL', 'quota', 'Free some space'],
    ['EACCES', 'KD_FILE_WRITE', 'no permission', 'permissions'],
    ['EROFS', 'KD_FILE_WRITE', 'read-only', 'directory'],
    ['EIO', 'KD_FILE_WRITE', 'fault', 'directory'],
  ])('says why: %s', async (code, expected, ...parts) => {
    await withFolder(async (out) => {
      for (const calls of [8, 11, 16]) {
        setFault({ code }, calls);
        await expectKdError(() => store(out), expected, out, ...parts);
        setFault();
        // The stored files are unchanged, and no temporary file is left.
        expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([]);
      }
      expect(await store(out)).toMatchObject({ count: n });
    });
  });
});

describe('two runs', () => {
  it('do not write to one directory at the same time, in one process', () =>
    withFolder(async (out) => {
      // The file system decides which of the two is first.
      const runs = [store(out), store(out)];
      await Promise.allSettled(runs);
      await expectKdError(() => Promise.all(runs), 'KD_FILE_BUSY', out, String(process.pid));
      await Promise.any(runs);
      expect(await store(out)).toMatchObject({ count: n, added: 0 });
    }));

  it('do not in two processes, unless one of them is dead', () =>
    withFolder(async (folder) => {
      const lock = (pid: number) => async (): Promise<void> => {
        const out = join(folder, String(pid));
        await mkdir(out);
        await writeFile(
          join(out, '.kd-lock'),
          JSON.stringify({ host: hostname(), pid, token: '0123456789ab' }),
        );
        await store(out);
      };
      await expectKdError(lock(process.ppid), 'KD_FILE_BUSY', `process ${String(process.ppid)}`);
      await lock(2 ** 22 + 1)();
    }));

  it('of two shards do not disturb each other', () =>
    withFolder(async (out) => {
      const shards = [0, 1].map((index) =>
        storeSoftTargets({ teacher: sineTeacher(), data: examples(n), out, shard: { index, count: 2 } }),
      );
      expect((await Promise.all(shards)).map(({ count }) => count)).toEqual([10, 10]);
    }));
});
