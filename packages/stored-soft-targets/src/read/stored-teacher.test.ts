import '@tensorflow/tfjs-backend-cpu';
import type { Batch } from '@kd/core';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { hasNamedPipes, putNamedPipe } from '@kd/testing/named-pipe';
import { add, ones, zeros } from '@tensorflow/tfjs-core';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchOf, examples, logitsOf, sineTeacher, withFolder } from '../../test/small.js';
import { ignoreRemaining, spreadEvenly } from '../remaining-mass.js';
import { storeSoftTargets } from '../store/store-soft-targets.js';
import type { StoreOptions } from '../store/options.js';
import { storedTeacher } from './stored-teacher.js';

beforeAll(() => useBackend('cpu'));

const teacher = sineTeacher();
const noTaps = { outputs: ['output'], taps: [] };

/** Runs `body` with a set of nine examples in three files. */
function withSet(body: (out: string) => Promise<void>, more: Partial<StoreOptions> = {}): Promise<void> {
  return withFolder(async (folder) => {
    const out = join(folder, 'set');
    await storeSoftTargets({ teacher, data: examples(9), out, rowsPerFile: 3, ...more });
    await body(out);
  });
}

async function change(file: string, edit: (content: Record<string, unknown>) => void): Promise<void> {
  const content = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  edit(content);
  await writeFile(file, JSON.stringify(content));
}

describe('storedTeacher', () => {
  it('answers by id, in any order, also for a repeated id, and leaks no tensor', () =>
    withSet(async (out) => {
      const stored = await storedTeacher(out);
      expect(stored.count).toBe(9);
      const batch = batchOf([8, 2, 2, 0, 5]);
      await expectNoLeak(async () => {
        const { members, taps } = await stored.predict(batch, noTaps);
        expect(taps).toEqual([]);
        expect(members.map(({ weight }) => weight)).toEqual([1]);
        expect(members[0]?.outputs['output']?.shape).toEqual([5, 4]);
        expect([...((await members[0]?.outputs['output']?.data()) ?? [])]).toEqual(logitsOf([8, 2, 2, 0, 5]));
        members[0]?.outputs['output']?.dispose();
      });
    }));

  it('describes itself like the teacher, with its fingerprint if the answers are the same', async () => {
    const fingerprints: string[] = [];
    const ways: [Partial<StoreOptions>, Parameters<typeof storedTeacher>[1]][] = [
      [{}, {}],
      [{ dtype: 'float16' }, {}],
      [{ topK: 2 }, { remaining: spreadEvenly }],
      [{ topK: 2 }, { remaining: ignoreRemaining }],
      [{ topK: 3 }, { remaining: spreadEvenly }],
    ];
    for (const [how, read] of ways) {
      await withSet(async (out) => {
        const { outputs, taps, fingerprint, frozen } = await (
          await storedTeacher(out, read)
        ).describe(noTaps);
        expect({ output: outputs['output'], taps, frozen }).toEqual({
          output: { convention: 'logits', shape: [null, 4] },
          taps: [],
          frozen: true,
        });
        fingerprints.push(fingerprint);
      }, how);
    }
    expect(fingerprints[0]).toBe('sines');
    expect(new Set(fingerprints).size).toBe(ways.length);
  });

  it('fills in what was not stored as requested', () =>
    withSet(
      async (out) => {
        const told: object[] = [];
        const fill = Object.assign(
          (
            top: { classes: ArrayLike<number>; values: ArrayLike<number>; logRemaining: number },
            into: Float32Array,
          ) => {
            told.push({ classes: Array.from(top.classes), values: Array.from(top.values) });
            into.fill(7);
          },
          { id: 'sevens' },
        );
        const stored = await storedTeacher(out, { remaining: fill });
        const { members } = await stored.predict(batchOf([4]), noTaps);
        expect([...((await members[0]?.outputs['output']?.data()) ?? [])]).toEqual([7, 7, 7, 7]);
        const logits = logitsOf([4]);
        const order = [0, 1, 2, 3].sort((a, b) => (logits[b] as number) - (logits[a] as number)).slice(0, 2);
        expect(told).toEqual([{ classes: order, values: order.map((index) => logits[index]) }]);
      },
      { topK: 2 },
    ));

  it('returns no outputs if none are requested, and stops on a signal', () =>
    withSet(async (out) => {
      const stored = await storedTeacher(out);
      expect(await stored.predict(batchOf([1]), { taps: [], outputs: [] })).toEqual({
        members: [],
        taps: [],
      });
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(stored.predict(batchOf([1]), { outputs: ['output'], taps: [], signal })).rejects.toThrow(
        'enough',
      );
    }));

  it('compares as many inputs as requested', () =>
    withSet(async (out) => {
      const rows = [3, 4, 5];
      const augmented = (): Batch => ({
        ...batchOf(rows),
        inputs: { x: add(batchOf(rows).inputs['x'] ?? zeros([1]), 0.5) },
      });
      const swapped = (): Batch => ({ ...batchOf([3, 5, 4]), ids: batchOf(rows).ids });
      const ask = async (checkInputs: number | undefined, batch: Batch): Promise<unknown> =>
        (await storedTeacher(out, checkInputs === undefined ? {} : { checkInputs })).predict(batch, noTaps);
      await expectKdError(
        () => ask(undefined, augmented()),
        'KD_ID_INPUT',
        '"img-3"',
        'the input of "img-3"',
      );
      await ask(0, augmented());
      await ask(1, swapped());
      await expectKdError(() => ask(2, swapped()), 'KD_ID_INPUT', '"img-4"');
      await ask(100, batchOf(rows));
    }));

  it('answers for an augmented example with a separate id', () =>
    withFolder(async (out) => {
      const two = examples(2);
      await storeSoftTargets({ teacher, data: { ...two, ids: ['img-7', 'img-7#flip'] }, out });
      const stored = await storedTeacher(out);
      const { members } = await stored.predict({ ...batchOf([1, 0]), ids: ['img-7#flip', 'img-7'] }, noTaps);
      expect([...((await members[0]?.outputs['output']?.data()) ?? [])]).toEqual(logitsOf([1, 0]));
    }));

  it('verifies a teacher', () =>
    withSet(async (out) => {
      const stored = await storedTeacher(out, { expect: 'sines' });
      await stored.verify(teacher);
      const other = sineTeacher({ fingerprint: 'cosines' });
      await expectKdError(() => stored.verify(other), 'KD_TARGETS_MISMATCH', 'sines', 'cosines');
      await expectKdError(
        () => storedTeacher(out, { expect: 'cosines' }),
        'KD_TARGETS_MISMATCH',
        'options.expect',
      );
      await expectKdError(() => stored.verify({} as typeof teacher), 'KD_OPTION_TYPE', 'teacher');
    }));
});

describe('bad input', () => {
  const wrong: [string, object, ...string[]][] = [
    ['KD_OPTION_UNKNOWN', { expected: 'x' }, 'options.expected'],
    ['KD_OPTION_TYPE', { expect: 3 }, 'options.expect'],
    ['KD_OPTION_TYPE', { checkInputs: true }, 'options.checkInputs'],
    ['KD_OPTION_RANGE', { checkInputs: -1 }, 'options.checkInputs'],
    ['KD_OPTION_TYPE', { remaining: spreadEvenly }, 'options.remaining'],
  ];
  it.each(wrong)('%s for %j', async (code, options, ...parts) => {
    await withSet(async (out) => {
      await expectKdError(() => storedTeacher(out, options), code, ...parts);
    });
  });

  it('KD_OPTION_TYPE if a whole output is read from the k largest without a rule, or the path is empty', async () => {
    await withSet(
      async (out) => {
        const stored = await storedTeacher(out);
        const ask = (): unknown => stored.predict(batchOf([1]), noTaps);
        await expectKdError(ask, 'KD_OPTION_TYPE', 'options.remaining', '2');
        expect((await stored.describe(noTaps)).outputs).not.toHaveProperty('output');
        const bare = (() => undefined) as unknown as typeof spreadEvenly;
        await expectKdError(
          () => storedTeacher(out, { remaining: bare }),
          'KD_OPTION_TYPE',
          'options.remaining',
        );
      },
      { topK: 2 },
    );
    await expectKdError(() => storedTeacher(''), 'KD_OPTION_TYPE', 'directory');
  });

  it('refuses batches that it cannot answer for', () =>
    withSet(async (out) => {
      const stored = await storedTeacher(out);
      const { inputs } = batchOf([0]);
      const ask = (batch: Batch) => () => stored.predict(batch, noTaps);
      await expectKdError(ask({ inputs }), 'KD_TERM_NEEDS', 'batch.ids');
      await expectKdError(ask({ inputs, ids: [] }), 'KD_TERM_NEEDS', 'batch.ids');
      await expectKdError(ask({ inputs, ids: ['img-9'] }), 'KD_ID_UNKNOWN', '"img-9"', out);
      await expectKdError(ask({ inputs: {}, ids: ['img-0'] }), 'KD_INPUT_MISSING', 'checkInputs', '0');
      await expectKdError(ask({ inputs: { x: ones([1, 3]) }, ids: ['img-0'] }), 'KD_ID_INPUT', '"img-0"');
      await expectKdError(
        () => stored.predict(batchOf([0]), { outputs: ['output'], taps: ['conv'] }),
        'KD_TAP_UNKNOWN',
        'conv',
      );
      await expectKdError(() => stored.describe({ taps: ['conv'] }), 'KD_TAP_UNKNOWN', 'conv');
      await expectKdError(
        () => stored.predict(batchOf([0]), { outputs: ['boxes'], taps: [] }),
        'KD_OUTPUT_UNKNOWN',
        'request.outputs',
        'output',
        '"boxes"',
      );
    }));
});

describe('a set that is not whole', () => {
  const part = 'part-00001.parquet';
  const faults: [string, string, (out: string) => Promise<void>, ...string[]][] = [
    ['a missing file', 'KD_TARGETS_DAMAGED', (out) => rm(join(out, part)), part, 'no such file'],
    ['a truncated file', 'KD_TARGETS_DAMAGED', (out) => truncate(join(out, part), 100), part, '100 bytes'],
    [
      'an altered byte',
      'KD_TARGETS_DAMAGED',
      async (out) => {
        const bytes = await readFile(join(out, part));
        bytes[200] = (bytes[200] as number) ^ 1;
        await writeFile(join(out, part), bytes);
      },
      part,
      '256',
    ],
    [
      'no manifest',
      'KD_TARGETS_DAMAGED',
      (out) => rm(join(out, 'manifest.json')),
      'manifest.json',
      'no such file',
    ],
    [
      'an empty manifest',
      'KD_TARGETS_DAMAGED',
      (out) => truncate(join(out, 'manifest.json')),
      'an empty file',
    ],
    [
      'a manifest of half a file',
      'KD_TARGETS_DAMAGED',
      (out) => truncate(join(out, 'manifest.json'), 50),
      'not JSON',
    ],
    [
      'a manifest that is JSON',
      'KD_TARGETS_DAMAGED',
      (out) => writeFile(join(out, 'manifest.json'), '3'),
      'no object',
    ],
    ['no directory', 'KD_FILE_READ', (out) => rm(out, { recursive: true }), 'no such file'],
  ];
  it.each(faults)('%s', async (_, code, damage, ...parts) => {
    await withSet(async (out) => {
      await damage(out);
      await expectKdError(() => storedTeacher(out), code, ...parts);
    });
  });

  it.runIf(hasNamedPipes).each([part, 'manifest.json'])('a pipe in place of %s', (name) =>
    withSet(async (out) => {
      await putNamedPipe(join(out, name));
      const facts = [name, 'a pipe, a socket or a device'];
      await expectKdError(() => storedTeacher(out), 'KD_FILE_READ', ...facts);
    }),
  );

  const manifests: [string, unknown, string, ...string[]][] = [
    ['formatVersion', 1, 'KD_TARGETS_DAMAGED', 'formatVersion 1'],
    ['teacher', {}, 'KD_TARGETS_DAMAGED', 'teacher.fingerprint'],
    ['outputs', { output: { convention: 'logits' } }, 'KD_TARGETS_DAMAGED', 'outputs'],
    ['taps', [{ rowShape: [2] }], 'KD_TARGETS_DAMAGED', 'taps'],
    ['members', [], 'KD_TARGETS_DAMAGED', 'members'],
    ['values', { dtype: 'int8' }, 'KD_TARGETS_DAMAGED', 'values.dtype'],
    ['count', 8, 'KD_TARGETS_DAMAGED', 'count is 8', '9 rows'],
    ['files', [{ name: '../x.parquet', rows: 9, bytes: 1, sha256: '' }], 'KD_TARGETS_DAMAGED', 'files'],
    ['sealed', false, 'KD_TARGETS_INCOMPLETE', 'unfinished', '9 examples'],
  ];
  it.each(manifests)('a manifest with another %s', async (key, value, code, ...parts) => {
    await withSet(async (out) => {
      await change(join(out, 'manifest.json'), (content) => {
        content[key] = value;
      });
      await expectKdError(() => storedTeacher(out), code, out, ...parts);
    });
  });

  it('with a file of another set, or a file that is not Parquet, but with a valid checksum', () =>
    withSet(async (out) => {
      await withSet(
        async (other) => {
          const manifest = join(out, 'manifest.json');
          const [, there] = (
            JSON.parse(await readFile(join(other, 'manifest.json'), 'utf8')) as { files: object[] }
          ).files;
          await writeFile(join(out, part), await readFile(join(other, part)));
          await change(manifest, (content) => {
            (content['files'] as object[])[1] = there as object;
          });
          await expectKdError(() => storedTeacher(out), 'KD_TARGETS_DAMAGED', part, 'no column logits');
        },
        { teacher: sineTeacher({ convention: 'probabilities' }) },
      );
    }));

  it('with an id in two files', () =>
    withSet(async (out) => {
      await writeFile(join(out, 'part-00002.parquet'), await readFile(join(out, 'part-00000.parquet')));
      await change(join(out, 'manifest.json'), (content) => {
        const files = content['files'] as object[];
        files[2] = { ...files[0], name: 'part-00002.parquet' };
      });
      const parts = ['part-00000.parquet and part-00002.parquet', '"img-0"'];
      await expectKdError(() => storedTeacher(out), 'KD_ID_DUPLICATE', ...parts);
    }));

  it('because it is a shard, or unmerged shards', () =>
    withFolder(async (out) => {
      await storeSoftTargets({ teacher, data: examples(6), out, shard: { index: 1, count: 2 } });
      await expectKdError(
        () => storedTeacher(out),
        'KD_TARGETS_INCOMPLETE',
        'not merged',
        '@kd/stored-soft-targets',
      );
      const shard = join(out, 'shard-00001-of-00002');
      await expectKdError(() => storedTeacher(shard), 'KD_TARGETS_INCOMPLETE', 'shard 1 of 2', '3 examples');
    }));
});
