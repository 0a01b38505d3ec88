import '@tensorflow/tfjs-backend-cpu';
import { expectKdError, useBackend } from '@kd/testing';
import { runScript } from '@kd/testing/run-script';
import { appendFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchOf, examples, logitsOf, sineTeacher, withFolder } from '../../test/small.js';
import { describeSet } from '../read/describe-set.js';
import { storedTeacher } from '../read/stored-teacher.js';
import type { StoreOptions } from '../store/options.js';
import { storeSoftTargets } from '../store/store-soft-targets.js';
import { mergeShards } from './merge-shards.js';

beforeAll(() => useBackend('cpu'));

const names = ['shard-00000-of-00003', 'shard-00001-of-00003', 'shard-00002-of-00003'];
const store = (out: string, index: number, more: Partial<StoreOptions> = {}) =>
  storeSoftTargets({
    teacher: sineTeacher(),
    data: examples(10),
    out,
    rowsPerFile: 2,
    shard: { index, count: 3 },
    ...more,
  });

/** Runs `body` with a directory of three shards of ten examples. */
const withShards = (body: (out: string) => Promise<void>): Promise<void> =>
  withFolder(async (out) => {
    for (const index of [0, 1, 2]) await store(out, index);
    await body(out);
  });

describe('mergeShards', () => {
  it('makes one set of them, also when run twice', () =>
    withShards(async (out) => {
      expect(await mergeShards(out)).toEqual({ shards: 3, count: 10 });
      const { members } = await (
        await storedTeacher(out)
      ).predict(batchOf([9, 0, 4]), { outputs: ['output'], taps: [] });
      expect([...((await members[0]?.outputs['output']?.data()) ?? [])]).toEqual(logitsOf([9, 0, 4]));
      const manifest = await readFile(join(out, 'manifest.json'), 'utf8');
      expect(await mergeShards(out)).toEqual({ shards: 3, count: 10 });
      expect(await readFile(join(out, 'manifest.json'), 'utf8')).toBe(manifest);
    }));

  it.each(['shard-00000-of-00000', 'shard-00000-of-9999999999', 'shard-3-of-2'])(
    'refuses a directory with %s',
    (name) =>
      withFolder(async (out) => {
        await mkdir(join(out, name));
        await expectKdError(() => mergeShards(out), 'KD_TARGETS_INCOMPLETE', out);
      }),
  );

  it('accepts shards that were stored elsewhere and copied together', () =>
    withFolder(async (folder) => {
      for (const index of [0, 1, 2]) {
        await store(join(folder, String(index)), index);
        const name = names[index] as string;
        await cp(join(folder, String(index), name), join(folder, 'all', name), { recursive: true });
      }
      expect(await mergeShards(join(folder, 'all'))).toEqual({ shards: 3, count: 10 });
    }));

  const faults: [string, string, (out: string) => Promise<unknown>, ...string[]][] = [
    [
      'a shard is missing',
      'KD_TARGETS_INCOMPLETE',
      (out) => rm(join(out, names[1] as string), { recursive: true }),
      'shard-00001',
      'missing',
      '1',
      '3',
    ],
    [
      'a shard has no manifest',
      'KD_TARGETS_INCOMPLETE',
      (out) => rm(join(out, names[1] as string, 'manifest.json')),
      'shard-00001',
    ],
    [
      'a shard is unfinished',
      'KD_TARGETS_INCOMPLETE',
      async (out) => {
        await rm(join(out, names[2] as string), { recursive: true });
        const abort = new AbortController();
        const onProgress = (): void => {
          abort.abort();
        };
        await store(out, 2, { batchSize: 2, signal: abort.signal, onProgress }).catch(() => undefined);
      },
      'shard-00002',
      '2 examples',
    ],
    [
      'shards are of other numbers',
      'KD_TARGETS_MISMATCH',
      (out) => store(out, 0, { shard: { index: 0, count: 2 } }),
      'the number of shards',
    ],
    [
      'a shard is of another teacher',
      'KD_TARGETS_MISMATCH',
      async (out) => {
        await rm(join(out, names[1] as string), { recursive: true });
        await store(out, 1, { teacher: sineTeacher({ fingerprint: 'other' }) });
      },
      'the fingerprint of the teacher',
      'shard-00001',
      'other',
    ],
    [
      'a shard is kept in another way',
      'KD_TARGETS_MISMATCH',
      async (out) => {
        await rm(join(out, names[1] as string), { recursive: true });
        await store(out, 1, { dtype: 'float16' });
      },
      'dtype and topK',
    ],
    [
      'a shard is of other data',
      'KD_TARGETS_MISMATCH',
      async (out) => {
        await rm(join(out, names[1] as string), { recursive: true });
        await store(out, 1, { data: examples(11) });
      },
      'the data set',
    ],
    [
      'a stream has other batches',
      'KD_TARGETS_MISMATCH',
      async (out) => {
        for (const index of [0, 1, 2]) {
          await rm(join(out, names[index] as string), { recursive: true });
          const size = index === 1 ? 2 : 3;
          await store(out, index, {
            data: function* () {
              for (let at = 0; at + size <= 9; at += size)
                yield batchOf(Array.from({ length: size }, (_, row) => at + row));
            },
          });
        }
      },
      'the data set',
    ],
    [
      'a file is altered',
      'KD_TARGETS_DAMAGED',
      (out) => appendFile(join(out, names[2] as string, 'part-00001.parquet'), 'x'),
      'part-00001.parquet',
      names[2] as string,
    ],
    [
      'a file is missing',
      'KD_TARGETS_DAMAGED',
      (out) => rm(join(out, names[2] as string, 'part-00001.parquet')),
      'no such file',
    ],
    [
      'a shard was copied to the place of another one',
      'KD_ID_DUPLICATE',
      async (out) => {
        const [first = '', second = ''] = names;
        await rm(join(out, second), { recursive: true });
        await cp(join(out, first), join(out, second), { recursive: true });
      },
      'shard-00000-of-00003/part-00000.parquet and shard-00001-of-00003/part-00000.parquet',
      '"img-0"',
    ],
    [
      'examples are missing',
      'KD_TARGETS_MISMATCH',
      async (out) => {
        const file = join(out, names[1] as string, 'manifest.json');
        const manifest = JSON.parse(await readFile(file, 'utf8')) as {
          count: number;
          files: { rows: number }[];
        };
        const { rows = 0 } = manifest.files.pop() ?? {};
        await writeFile(file, JSON.stringify({ ...manifest, count: manifest.count - rows }));
      },
      '10',
    ],
    [
      'there is another set',
      'KD_TARGETS_MISMATCH',
      (out) => storeSoftTargets({ teacher: sineTeacher(), data: examples(1), out }),
      'part-00000.parquet',
    ],
    [
      'there are no shards',
      'KD_TARGETS_INCOMPLETE',
      async (out) => {
        for (const name of names) await rm(join(out, name), { recursive: true });
      },
      'no shard',
    ],
    ['there is no directory', 'KD_FILE_READ', (out) => rm(out, { recursive: true }), 'no such file'],
  ];
  it.each(faults)('refuses if %s', async (_, code, damage, ...facts) => {
    await withShards(async (out) => {
      await damage(out);
      await expectKdError(() => mergeShards(out), code, ...facts);
    });
  });

  it('KD_OPTION_TYPE for a value that is not a path', async () => {
    await expectKdError(() => mergeShards(3 as unknown as string), 'KD_OPTION_TYPE', 'directory');
    await expectKdError(() => describeSet(''), 'KD_OPTION_TYPE', 'directory');
  });
});

describe('describeSet', () => {
  it('describes shards, one of them, and the set', () =>
    withShards(async (out) => {
      await rm(join(out, names[1] as string), { recursive: true });
      await mkdir(join(out, names[1] as string));
      expect(await describeSet(out)).toBe(
        `not merged\n${String(names[0])}  complete, 3 examples\n${String(names[1])}  unfinished, 0 examples\n${String(names[2])}  complete, 4 examples`,
      );
      expect(await describeSet(join(out, names[2] as string))).toContain(
        'shard     2 of 3\nstate     complete',
      );
      await store(out, 1);
      await mergeShards(out);
      expect(await describeSet(out)).toMatch(
        /^state {5}finished\nteacher {3}sines\noutputs {3}logits \[4\] in logits\nvalues {4}float32\nexamples {2}10\nfiles {5}6, \d+ bytes, [\d.]+ an example$/,
      );
    }));

  it('names members and the k largest', () =>
    withFolder(async (out) => {
      const teacher = sineTeacher({ weights: [0.25, 0.75], convention: 'probabilities' });
      await storeSoftTargets({ teacher, data: examples(2), out, topK: 2 });
      const text = await describeSet(out);
      expect(text).toContain(
        'probabilities [4] in probabilities_0, probabilities_1, the 2 largest, weights 0.25 0.75',
      );
    }));

  it('refuses a directory without a set', () =>
    withFolder(async (out) => {
      await expectKdError(() => describeSet(out), 'KD_TARGETS_DAMAGED', 'manifest.json');
      await expectKdError(() => describeSet(join(out, 'none')), 'KD_FILE_READ', 'none');
    }));
});

describe('the command', () => {
  it(
    'merges and inspects, and prints an error with its code',
    () =>
      withShards(async (out) => {
        const merged = await runScript(new URL('../cli.ts', import.meta.url), ['merge', out]);
        expect(merged).toMatchObject({ code: 0, output: '3 shards, 10 examples\n' });
        const inspected = await runScript(new URL('../cli.ts', import.meta.url), ['inspect', out]);
        expect(inspected.output).toContain('examples  10');
        await rename(join(out, names[0] as string), join(out, 'elsewhere'));
        const failed = await runScript(new URL('../cli.ts', import.meta.url), ['merge', out]);
        expect(failed).toMatchObject({ code: 1, output: '' });
        expect(failed.errors).toContain('KD_TARGETS_INCOMPLETE: mergeShards: ');
      }),
    60_000,
  );
});
