import '@tensorflow/tfjs-backend-cpu';
import type { Batch, OutputInfo, Teacher } from '@kd/core';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { memory, ones, scalar, tensor, zeros } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchOf, examples, logitsOf, sineTeacher, withFolder } from '../../test/small.js';
import type { TopRow } from '../remaining-mass.js';
import { storedTeacher } from '../read/stored-teacher.js';
import { mergeShards } from '../merge/merge-shards.js';
import type { StoreOptions } from './options.js';
import { storeSoftTargets } from './store-soft-targets.js';

beforeAll(() => useBackend('cpu'));

const teacher = sineTeacher();

/** A set's answers for the given examples. */
async function answer(out: string, rows: readonly number[], member = 0): Promise<number[]> {
  const stored = await storedTeacher(out);
  const batch = batchOf(rows);
  const { members } = await stored.predict(batch, { outputs: ['output'], taps: [] });
  return Array.from((await members[member]?.outputs['output']?.data()) ?? []);
}

async function filesIn(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const read = names.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(directory.length + 1), (await readFile(path)).toString('base64')] as const;
  });
  return Object.fromEntries((await Promise.all(read)).sort());
}

describe('storeSoftTargets', () => {
  it.each([{}, { topK: 2 }])('writes one file of all examples if rowsPerFile is huge, with %j', (more) =>
    withFolder(async (out) => {
      // More than there is room for at first, twice.
      const n = 20_001;
      const data = examples(n);
      await storeSoftTargets({ teacher, data, out, rowsPerFile: 2 ** 53 - 1, batchSize: 5000, ...more });
      expect((await readdir(out)).sort()).toEqual(['manifest.json', 'part-00000.parquet']);
      const kept = (top: TopRow, into: Float32Array): void => {
        into.set(top.values);
        into.set(top.classes, 2);
      };
      const remaining = 'topK' in more ? { remaining: Object.assign(kept, { id: 'kept' }) } : {};
      const stored = await storedTeacher(out, remaining);
      for (const row of [0, 9999, 10_000, n - 1]) {
        const { members } = await stored.predict(batchOf([row]), { outputs: ['output'], taps: [] });
        const seen = Array.from((await members[0]?.outputs['output']?.data()) ?? []);
        const logits = logitsOf([row]);
        const order = [0, 1, 2, 3].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0)).slice(0, 2);
        const top = [...order.map((index) => logits[index]), ...order];
        expect(seen).toEqual('topK' in more ? top : logits);
      }
    }),
  );

  it('stores the outputs of the teacher by id, and leaks no tensor', () =>
    withFolder(async (out) => {
      await expectNoLeak(async () => {
        const result = await storeSoftTargets({
          teacher,
          data: examples(23),
          out,
          batchSize: 5,
          rowsPerFile: 10,
        });
        expect(result).toEqual({ directory: out, count: 23, added: 23 });
      });
      expect((await readdir(out)).sort()).toEqual([
        'manifest.json',
        'part-00000.parquet',
        'part-00001.parquet',
        'part-00002.parquet',
      ]);
      const rows = [22, 0, 7, 10, 9];
      expect(await answer(out, rows)).toEqual(logitsOf(rows));
    }));

  it('describes in the manifest what is stored', () =>
    withFolder(async (out) => {
      const classes = ['a', 'b', 'c', 'd'];
      const named: Teacher = {
        ...teacher,
        describe: async (request) => {
          const description = await teacher.describe(request);
          const output = description.outputs['output'] as OutputInfo;
          return { ...description, outputs: { output: { ...output, classes } } };
        },
      };
      await storeSoftTargets({ teacher: named, data: examples(3), out });
      const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as object;
      expect(manifest).toEqual({
        formatVersion: 2,
        teacher: { fingerprint: 'sines' },
        outputs: { output: { convention: 'logits', classes, rowShape: [4] } },
        members: [{ weight: 1 }],
        values: { dtype: 'float32' },
        sealed: true,
        count: 3,
        files: [
          {
            name: 'part-00000.parquet',
            rows: 3,
            bytes: (await readFile(join(out, 'part-00000.parquet'))).length,
            sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          },
        ],
      });
      const { outputs } = await (await storedTeacher(out)).describe({ taps: [] });
      expect(outputs).toEqual({ output: { convention: 'logits', shape: [null, 4], classes } });
    }));

  it('keeps the members of an ensemble separate', () =>
    withFolder(async (out) => {
      const ensemble = sineTeacher({ weights: [0.25, 0.75] });
      await storeSoftTargets({ teacher: ensemble, data: examples(4), out });
      const { members } = await (
        await storedTeacher(out)
      ).predict(batchOf([2, 3]), { outputs: ['output'], taps: [] });
      expect(members.map(({ weight }) => weight)).toEqual([0.25, 0.75]);
      for (const [member, { outputs }] of members.entries()) {
        expect([...((await outputs['output']?.data()) ?? [])]).toEqual(logitsOf([2, 3], 4, member));
      }
    }));

  it('keeps outputs of any shape, inputs by name, and a mask for the teacher', () =>
    withFolder(async (out) => {
      const seen: string[] = [];
      const sequences: Teacher = {
        describe: () =>
          Promise.resolve({
            outputs: { output: { convention: 'sigmoid-logits', shape: [null, null, 2] } },
            taps: [],
            fingerprint: 'f',
            frozen: true,
          }),
        predict: ({ inputs, mask }) => {
          seen.push(`${Object.keys(inputs).join()} ${String(mask?.shape.join())}`);
          const rows = inputs['left']?.shape[0] ?? 0;
          const values = Array.from({ length: rows * 6 }, (_, at) => at);
          return Promise.resolve({
            members: [{ outputs: { output: tensor(values, [rows, 3, 2], 'float32') }, weight: 1 }],
            taps: [],
          });
        },
      };
      const column = { values: Int32Array.of(1, 2, 3, 4), shape: [2, 2] };
      const inputs = { left: column, right: tensor([[1], [2]]) };
      const data = { inputs, mask: ones([2, 3]), labels: Int32Array.of(0, 1), ids: ['x', 'y'] };
      await storeSoftTargets({ teacher: sequences, data, out });
      expect(seen).toEqual(['left,right 2,3']);
      const stored = await storedTeacher(out, { checkInputs: 0 });
      const { members } = await stored.predict(
        { inputs: {}, ids: ['y', 'x'] },
        { outputs: ['output'], taps: [] },
      );
      expect(await members[0]?.outputs['output']?.array()).toEqual([
        [
          [6, 7],
          [8, 9],
          [10, 11],
        ],
        [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
      ]);
    }));

  it('rounds to float16, and stores half the bytes', () =>
    withFolder(async (folder) => {
      const wide = sineTeacher({ classes: 50 });
      const data = examples(400);
      for (const dtype of ['float32', 'float16'] as const) {
        await storeSoftTargets({ teacher: wide, data, out: join(folder, dtype), dtype });
      }
      const [float, half] = await Promise.all(
        ['float32', 'float16'].map(
          async (dtype) => (await readFile(join(folder, dtype, 'part-00000.parquet'))).length,
        ),
      );
      expect((half as number) / (float as number)).toBeLessThan(0.6);
      const rounded = await answer(join(folder, 'float16'), [7]);
      logitsOf([7], 50).forEach((logit, index) => {
        expect(Math.abs((rounded[index] as number) - logit)).toBeLessThanOrEqual(Math.abs(logit) * 2 ** -11);
      });
      expect(rounded).not.toEqual(logitsOf([7], 50));
    }));

  it('reads iterables and functions, and disposes their batches', () =>
    withFolder(async (folder) => {
      const batches = (): Batch[] => [batchOf([0, 1, 2]), batchOf([3])];
      const contexts: object[] = [];
      const forms: Record<string, StoreOptions['data']> = {
        array: batches(),
        async: (async function* () {
          yield* await Promise.resolve(batches());
        })(),
        function: (context) => {
          contexts.push(context);
          return batches();
        },
      };
      for (const [name, data] of Object.entries(forms)) {
        const out = join(folder, name);
        await storeSoftTargets({ teacher, data, out });
        expect(await answer(out, [3, 1])).toEqual(logitsOf([3, 1]));
      }
      expect(contexts).toEqual([{ epoch: 0, seed: 0, skip: 0 }]);
      const before = memory().numTensors;
      await storeSoftTargets({ teacher, data: batches(), out: join(folder, 'again') });
      expect(memory().numTensors).toBe(before);
    }));

  it('reports its progress, and ends on its signal', () =>
    withFolder(async (out) => {
      const told: object[] = [];
      const abort = new AbortController();
      const data = examples(10);
      const options = { teacher, data, out, batchSize: 3, rowsPerFile: 4 };
      await expect(
        storeSoftTargets({
          ...options,
          signal: abort.signal,
          onProgress: (progress) => {
            told.push(progress);
            if (progress.read >= 6) abort.abort(new Error('enough'));
          },
        }),
      ).rejects.toThrow('enough');
      expect(told).toEqual([
        { read: 3, found: 0, stored: 0 },
        { read: 6, found: 0, stored: 4 },
      ]);
      const more: object[] = [];
      const { added, count } = await storeSoftTargets({
        ...options,
        onProgress: (progress) => more.push(progress),
      });
      expect([added, count]).toEqual([6, 10]);
      expect(more[1]).toEqual({ read: 6, found: 4, stored: 4 });
    }));
});

describe('a second run', () => {
  it('asks for nothing that is stored, and adds new examples in further files', () =>
    withFolder(async (out) => {
      let asked = 0;
      const counting = sineTeacher({
        onAsk: ({ ids = [] }) => {
          asked += ids.length;
        },
      });
      await storeSoftTargets({ teacher: counting, data: examples(6), out, batchSize: 3 });
      const before = await filesIn(out);
      expect(await storeSoftTargets({ teacher: counting, data: examples(6), out })).toMatchObject({
        added: 0,
        count: 6,
      });
      expect(await filesIn(out)).toEqual(before);
      expect(asked).toBe(6);
      const more = await storeSoftTargets({ teacher: counting, data: examples(5, 4), out, batchSize: 2 });
      expect(more).toMatchObject({ added: 3, count: 9 });
      // The batches are (4 5) (6 7) (8), and the first has nothing new.
      expect(asked).toBe(6 + 3);
      expect(Object.keys(await filesIn(out))).toEqual([
        'manifest.json',
        'part-00000.parquet',
        'part-00001.parquet',
      ]);
      expect(await answer(out, [8, 0])).toEqual(logitsOf([8, 0]));
    }));

  it('asks for the whole batch if part of it is stored, and stores only the rest', () =>
    withFolder(async (out) => {
      const abort = new AbortController();
      const options = { data: examples(8), out, batchSize: 4, rowsPerFile: 3 };
      const asked: number[] = [];
      const counting = sineTeacher({ onAsk: ({ ids = [] }) => asked.push(ids.length) });
      const onProgress = (): void => {
        abort.abort(new Error('stop'));
      };
      const stop = { signal: abort.signal, onProgress };
      await expect(storeSoftTargets({ teacher: counting, ...options, ...stop })).rejects.toThrow('stop');
      await storeSoftTargets({ teacher: counting, ...options });
      expect(asked).toEqual([4, 4, 4]);
      expect(await answer(out, [0, 1, 2, 3, 4, 5, 6, 7])).toEqual(logitsOf([0, 1, 2, 3, 4, 5, 6, 7]));
    }));

  it('is refused for another teacher, convention, dtype, k, or other weights', () =>
    withFolder(async (out) => {
      const store = (more: Partial<StoreOptions>) =>
        storeSoftTargets({ teacher, data: examples(3), out, ...more });
      await store({});
      const cases: [Partial<StoreOptions>, string][] = [
        [{ teacher: sineTeacher({ fingerprint: 'other' }) }, 'the fingerprint of the teacher'],
        [{ teacher: sineTeacher({ convention: 'probabilities' }) }, 'the convention'],
        [{ dtype: 'float16' }, 'dtype and topK'],
        [{ topK: 2 }, 'dtype and topK'],
        [{ teacher: sineTeacher({ classes: 5 }), data: examples(4) }, 'the shape of an output'],
        [{ teacher: sineTeacher({ weights: [0.5, 0.5] }), data: examples(4) }, 'the weights of the members'],
      ];
      for (const [more, what] of cases)
        await expectKdError(() => store(more), 'KD_TARGETS_MISMATCH', what, out);
    }));

  it('is refused if an id has another input', () =>
    withFolder(async (out) => {
      await storeSoftTargets({ teacher, data: examples(3), out });
      const shifted = { ...examples(3, 1), ids: examples(3).ids };
      await expectKdError(() => storeSoftTargets({ teacher, data: shifted, out }), 'KD_ID_INPUT', '"img-0"');
    }));

  it('is refused if a file is damaged, and names it', () =>
    withFolder(async (out) => {
      await storeSoftTargets({ teacher, data: examples(3), out });
      await writeFile(join(out, 'part-00000.parquet'), 'no');
      const again = () => storeSoftTargets({ teacher, data: examples(4), out });
      await expectKdError(again, 'KD_TARGETS_DAMAGED', 'part-00000.parquet', '2 bytes');
    }));
});

describe('shards', () => {
  it('hold every example once for any batches and shards, with the same bytes each time', async () => {
    const sizes = fc.record({
      n: fc.integer({ min: 1, max: 40 }),
      count: fc.integer({ min: 1, max: 5 }),
      batchSize: fc.integer({ min: 1, max: 12 }),
      rowsPerFile: fc.integer({ min: 1, max: 9 }),
      isStream: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ n, count, batchSize, rowsPerFile, isStream }) => {
        fc.pre(count <= (isStream ? Math.ceil(n / batchSize) : n));
        await withFolder(async (folder) => {
          const rows = Array.from({ length: n }, (_, row) => row);
          const batches = function* (): Generator<Batch> {
            for (let at = 0; at < n; at += batchSize) yield batchOf(rows.slice(at, at + batchSize));
          };
          const data = isStream ? { data: batches } : { data: examples(n), batchSize };
          for (const out of ['one', 'two'].map((name) => join(folder, name))) {
            for (let index = 0; index < count; index++) {
              await storeSoftTargets({ teacher, ...data, out, rowsPerFile, shard: { index, count } });
            }
            expect(await mergeShards(out)).toEqual({ shards: count, count: n });
          }
          expect(await filesIn(join(folder, 'one'))).toEqual(await filesIn(join(folder, 'two')));
          const shuffled = rows.toReversed();
          expect(await answer(join(folder, 'one'), shuffled)).toEqual(logitsOf(shuffled));
        });
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it('accept nothing further once complete', () =>
    withFolder(async (out) => {
      const shard = { index: 0, count: 2 };
      await storeSoftTargets({ teacher, data: examples(8), out, shard });
      expect(await storeSoftTargets({ teacher, data: examples(8), out, shard })).toMatchObject({
        added: 0,
        count: 4,
      });
      const more = () => storeSoftTargets({ teacher, data: examples(12), out, shard });
      await expectKdError(more, 'KD_TARGETS_MISMATCH', 'options.data', '00000', '00002');
    }));

  it('cannot outnumber the examples or batches', () =>
    withFolder(async (out) => {
      const shard = { index: 2, count: 3 };
      const few = () => storeSoftTargets({ teacher, data: examples(2), out, shard });
      await expectKdError(few, 'KD_OPTION_RANGE', 'options.shard.count', '2');
      const fewBatches = () => storeSoftTargets({ teacher, data: [batchOf([0]), batchOf([1])], out, shard });
      await expectKdError(fewBatches, 'KD_BATCH_EMPTY', '3', '2');
    }));
});

describe('bad input', () => {
  const store = (more: object) => () =>
    withFolder((out) => storeSoftTargets({ teacher, data: examples(3), out, ...more }));

  const wrong: [string, object, ...string[]][] = [
    ['KD_OPTION_TYPE', { teacher: 'x' }, 'options.teacher'],
    ['KD_OPTION_TYPE', { teacher: { describe: () => undefined } }, 'options.teacher'],
    ['KD_OPTION_TYPE', { out: '' }, 'options.out'],
    ['KD_OPTION_RANGE', { dtype: 'float64' }, 'options.dtype', '"float64"'],
    ['KD_OPTION_TYPE', { signal: {} }, 'options.signal'],
    ['KD_OPTION_TYPE', { onProgress: 1 }, 'options.onProgress'],
    ['KD_OPTION_TYPE', { data: [], batchSize: 3 }, 'options.batchSize'],
    ['KD_OPTION_UNKNOWN', { batchsize: 3 }, 'options.batchsize'],
    ['KD_OPTION_UNKNOWN', { shard: { index: 0, count: 1, of: 3 } }, 'options.shard.of'],
    ['KD_OPTION_UNKNOWN', { data: { ...examples(3), id: [] } }, 'options.data.id'],
    ['KD_OPTION_RANGE', { batchSize: 0 }, 'options.batchSize'],
    ['KD_OPTION_RANGE', { rowsPerFile: 0 }, 'options.rowsPerFile'],
    ['KD_OPTION_RANGE', { topK: 0 }, 'options.topK'],
    ['KD_OPTION_RANGE', { topK: 4 }, 'options.topK', '4'],
    ['KD_OPTION_RANGE', { shard: { index: 3, count: 3 } }, 'options.shard.index'],
    ['KD_DATA_TYPE', { data: 3 }, 'options.data'],
    ['KD_DATA_TYPE', { data: () => 3 }, 'what options.data returns'],
    ['KD_DATA_TYPE', { data: { ...examples(3), inputs: 3 } }, 'options.data.inputs'],
    ['KD_DATA_TYPE', { data: { ...examples(3), inputs: { x: [1] } } }, 'options.data.inputs.x'],
    ['KD_DATA_TYPE', { data: { inputs: examples(3).inputs } }, 'options.data.ids', 'undefined'],
    ['KD_DATA_TYPE', { data: { ...examples(3), ids: ['a', 3, 'c'] } }, 'options.data.ids[1]'],
    ['KD_DATA_TYPE', { data: { ...examples(3), ids: ['a', '', 'c'] } }, 'options.data.ids[1]'],
    ['KD_DATA_LENGTH', { data: { ...examples(3), ids: ['a'] } }, 'options.data.ids', '3'],
    ['KD_DATA_LENGTH', { data: { ...examples(3), mask: Float32Array.of(1) } }, 'options.data.mask'],
    [
      'KD_TENSOR_SHAPE',
      { data: { ...examples(3), inputs: { values: new Float32Array(3), shape: [2] } } },
      '[2]',
    ],
    [
      'KD_BATCH_EMPTY',
      { data: { inputs: { values: new Float32Array(0), shape: [0, 3] }, ids: [] } },
      'options.data.inputs',
    ],
    ['KD_BATCH_EMPTY', { data: [] }, 'the stream of epoch 0'],
    ['KD_ID_DUPLICATE', { data: { ...examples(3), ids: ['a', 'b', 'a'] } }, 'options.data.ids[2]', '"a"'],
  ];
  it.each(wrong)('%s for %j', async (code, more, ...facts) => {
    await expectKdError(store(more), code, ...facts);
  });

  it('KD_TENSOR_TYPE and KD_TENSOR_DTYPE for tensors', async () => {
    const gone = ones([3, 2]);
    gone.dispose();
    await expectKdError(store({ data: { ...examples(3), inputs: gone } }), 'KD_TENSOR_TYPE', 'disposed');
    await expectKdError(
      store({ data: { ...examples(3), inputs: scalar(1) } }),
      'KD_TENSOR_SHAPE',
      'float32 tensor []',
    );
    const words = tensor(['a', 'b', 'c']);
    await expectKdError(store({ data: { ...examples(3), inputs: words } }), 'KD_TENSOR_DTYPE', 'string');
  });

  it('names the fault of a batch, and disposes it', async () => {
    const bad = (batch: () => object) => store({ data: () => [batch()] });
    await expectNoLeak(async () => {
      await expectKdError(
        bad(() => ({ ...batchOf([0, 1]), ids: undefined })),
        'KD_DATA_TYPE',
        'batch.ids',
      );
      await expectKdError(
        bad(() => ({ ...batchOf([0, 1]), ids: ['a'] })),
        'KD_DATA_LENGTH',
        '2',
      );
      await expectKdError(
        bad(() => ({ ids: ['a'] })),
        'KD_DATA_TYPE',
        'batch.inputs',
      );
      await expectKdError(
        bad(() => ({ inputs: { x: 1 }, ids: ['a'] })),
        'KD_TENSOR_TYPE',
        'batch.inputs.x',
      );
      await expectKdError(
        bad(() => ({ ...batchOf([0]), id: [] })),
        'KD_OPTION_UNKNOWN',
        'batch.id',
      );
      const twice = store({ data: () => [batchOf([0, 1]), batchOf([1, 2])] });
      await expectKdError(twice, 'KD_ID_DUPLICATE', '"img-1"');
    });
  });

  it('refuses teachers with unusable answers', async () => {
    const description = await teacher.describe({ taps: [] });
    const with_ = (more: Partial<Teacher>) => store({ teacher: { ...teacher, ...more } });
    const describe_ = (more: object) =>
      with_({ describe: () => Promise.resolve({ ...description, ...more }) });
    const saying = (...outputs: Parameters<typeof tensor>[]) =>
      with_({
        predict: () =>
          Promise.resolve({
            members: outputs.map((given) => ({
              outputs: { output: tensor(...given) },
              weight: 1 / outputs.length,
            })),
            taps: [],
          }),
      });
    await expectNoLeak(async () => {
      await expectKdError(describe_({ frozen: false }), 'KD_TEACHER_OUTPUT', 'options.teacher');
      await expectKdError(saying(), 'KD_TEACHER_OUTPUT', 'none');
      await expectKdError(saying([[1, 2, 3, 4], [1, 4], 'float32']), 'KD_TEACHER_OUTPUT', '[3,4]', '[1,4]');
      await expectKdError(saying([new Float32Array(9), [3, 3]]), 'KD_TEACHER_OUTPUT', '[3,4]', '[3,3]');
      await expectKdError(saying([new Int32Array(12), [3, 4], 'int32']), 'KD_TEACHER_OUTPUT', 'int32');
      const uneven = saying([new Float32Array(12), [3, 4]], [new Float32Array(15), [3, 5]]);
      await expectKdError(uneven, 'KD_TEACHER_OUTPUT', '[3,5]');
      for (const value of [NaN, Infinity, -Infinity]) {
        const values = Float32Array.from({ length: 12 }, (_, at) => (at === 9 ? value : 0));
        await expectKdError(saying([values, [3, 4]]), 'KD_TEACHER_NOT_FINITE', '"img-2"', String(value));
      }
    });
  });

  it('refuses the k largest unless the outputs are a distribution, and float16 beyond its range', async () => {
    const convention = sineTeacher({ convention: 'sigmoid-logits' });
    await expectKdError(store({ teacher: convention, topK: 2 }), 'KD_TEACHER_CONVENTION', 'sigmoid-logits');
    const output = { convention: 'logits', shape: [null] } as const;
    const describe_ = () =>
      Promise.resolve({ outputs: { output }, taps: [], fingerprint: 'f', frozen: true });
    await expectKdError(
      store({ teacher: { ...teacher, describe: describe_ }, topK: 2 }),
      'KD_TEACHER_OUTPUT',
      'rank 1',
    );
    const large = {
      ...teacher,
      predict: () =>
        Promise.resolve({
          members: [{ outputs: { output: tensor(new Float32Array(12).fill(7e4), [3, 4]) }, weight: 1 }],
          taps: [],
        }),
    };
    await expectKdError(
      store({ teacher: large, dtype: 'float16' }),
      'KD_OPTION_RANGE',
      'options.dtype',
      '65504',
    );
  });

  it('KD_DATA_TYPE for ids with half a character, in memory and in a stream', async () => {
    const halves = { ...examples(2), ids: ['a\ud83d', '\ude00b'] };
    const stream = (): Batch[] => [{ ...batchOf([0, 1]), ids: ['whole 😀', '\ude00b'] }];
    await expectKdError(
      store({ data: halves }),
      'KD_DATA_TYPE',
      'options.data.ids[0]',
      'half a surrogate pair',
    );
    await expectKdError(store({ data: stream }), 'KD_DATA_TYPE', 'batch.ids[1]', 'half a surrogate pair');
  });

  it('KD_TEACHER_OUTPUT for weights that do not sum to one, and classes that do not fit', async () => {
    await expectKdError(
      store({ teacher: sineTeacher({ weights: [1, 1] }) }),
      'KD_TEACHER_OUTPUT',
      'weights [1, 1]',
    );
    const described = { convention: 'logits', shape: [null, 4], classes: ['a', 'b'] } as const;
    const describe = () =>
      Promise.resolve({ outputs: { output: described }, taps: [], fingerprint: 'f', frozen: true });
    await expectKdError(store({ teacher: { ...teacher, describe } }), 'KD_TEACHER_OUTPUT', 'classes', '2');
  });

  it('KD_TEACHER_OUTPUT for an output without numbers', async () => {
    const empty: Teacher = {
      ...teacher,
      describe: () => {
        const outputs = { output: { convention: 'values', shape: [null, null] } } as const;
        return Promise.resolve({ outputs, taps: [], fingerprint: 'f', frozen: true });
      },
      predict: () => ({ members: [{ outputs: { output: zeros([3, 0]) }, weight: 1 }], taps: [] }),
    };
    await expectNoLeak(() => expectKdError(store({ teacher: empty }), 'KD_TEACHER_OUTPUT', '[3,0]'));
  });

  it('KD_TEACHER_OUTPUT for a teacher that answers undefined', async () => {
    const silent = { ...teacher, predict: () => undefined as never };
    const code = 'KD_TEACHER_OUTPUT';
    await expectKdError(store({ teacher: silent }), code, 'the teacher', 'members', 'undefined');
  });

  it('passes on the error of the teacher', async () => {
    const failing = { ...teacher, predict: () => Promise.reject(new Error('no GPU')) };
    await expect(store({ teacher: failing })()).rejects.toThrow('no GPU');
  });

  it('KD_FILE_WRITE if the path leads through a file, or is not writable', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'file');
      await writeFile(file, '');
      for (const out of [file, join(file, 'below')]) {
        await expectKdError(
          () => storeSoftTargets({ teacher, data: examples(3), out }),
          'KD_FILE_WRITE',
          out,
        );
      }
      // Root can write everywhere.
      if (process.getuid?.() === 0) return;
      const closed = join(folder, 'closed');
      await mkdir(closed);
      await chmod(closed, 0o500);
      await expectKdError(
        () => storeSoftTargets({ teacher, data: examples(3), out: closed }),
        'KD_FILE_WRITE',
        'EACCES',
      );
    }));
});
