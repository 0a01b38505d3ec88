// Texts of different lengths, each padded to the longest of its batch.
import '@tensorflow/tfjs-backend-cpu';
import type { Batch, Shape, Teacher, TeacherAnswer } from '@kd/core';
import { tensorsOfAnswer } from '@kd/core';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { dispose, ones, tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  batchesOf,
  batchOfTexts,
  numberAt,
  numbersOf,
  textTeacher,
  tokensOf,
  vocabulary,
} from '../test/texts.js';
import { withFolder } from '../test/small.js';
import { halfBits, halfValues } from './half.js';
import { describeSet, mergeShards, storedTeacher, storeSoftTargets } from './node.js';
import type { StoredTeacherOptions, StoreOptions } from './node.js';
import { ignoreRemaining } from './remaining-mass.js'; // prettier-ignore

beforeAll(() => useBackend('cpu'));

const teacher = textTeacher();
const texts = Array.from({ length: 12 }, (_, text) => text);
const onlyLogits = { outputs: ['output'] };

function valuesOf(answer: TeacherAnswer, name: string, member = 0): number[] {
  return Array.from(answer.members[member]?.outputs[name]?.dataSync() ?? []);
}

/** Numbers of texts with zeros up to a length. */
function padded(of: readonly number[], length: number, numbers: (text: number) => number[]): number[] {
  return of.flatMap((text) => {
    const own = numbers(text);
    const size = own.length / tokensOf(text).length;
    return [...own, ...Array.from({ length: (length - tokensOf(text).length) * size }, () => 0)];
  });
}

async function withSet(
  how: Partial<StoreOptions>,
  read: StoredTeacherOptions,
  body: (stored: Awaited<ReturnType<typeof storedTeacher>>, out: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (out) => {
    await storeSoftTargets({ teacher, data: batchesOf(texts, 5), out, ...how });
    await body(await storedTeacher(out, read), out);
  });
}

describe('sequences', () => {
  const some = fc.uniqueArray(fc.nat(11), { minLength: 1 });
  const token = fc.nat(10);

  it.each<[Partial<StoreOptions>, (value: number) => number]>([
    [{}, (value) => value],
    [{ dtype: 'float16' }, (value) => halfValues[halfBits(value)] as number],
  ])('answer as the teacher in any order, batch size and padding, with %j', async (how, rounded) => {
    const sizes = fc.record({
      order: fc.shuffledSubarray(texts, { minLength: 12 }),
      size: fc.integer({ min: 1, max: 12 }),
      rowsPerFile: fc.integer({ min: 1, max: 9 }),
      tokens: fc.tuple(token, token),
      asked: some,
      more: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ order, size, rowsPerFile, tokens: [first, second], asked, more }) => {
        const data = batchesOf(order, size, { token: first });
        await withSet({ ...onlyLogits, ...how, data, rowsPerFile }, { checkInputs: 12 }, async (stored) => {
          const length = Math.max(...asked.map((text) => tokensOf(text).length)) + more;
          const batch = batchOfTexts(asked, { length, token: second });
          const answer = await stored.predict(batch, { outputs: ['output'], taps: [] });
          expect(answer.members[0]?.outputs['output']?.shape).toEqual([asked.length, length, vocabulary]);
          const expected = padded(asked, length, (text) => numbersOf([text], vocabulary).map(rounded));
          expect(valuesOf(answer, 'output')).toEqual(expected);
        });
      }),
      { numRuns: 12 },
    );
  });

  it('are stored beside whole numbers, values of fixed shape, taps and other members, and leak no tensor', async () => {
    const ensemble = textTeacher({ weights: [0.25, 0.75] });
    await withSet({ teacher: ensemble, taps: ['hidden'] }, {}, async (stored) => {
      const { outputs, taps } = await stored.describe({ taps: ['hidden'] });
      expect({ outputs, taps }).toMatchObject({
        outputs: {
          output: { shape: [null, null, vocabulary] },
          tags: { shape: [null, null] },
          pooled: { shape: [null, 2] },
        },
        taps: [{ shape: [null, null, 2, 3] }],
      });
      const asked = [7, 3, 10];
      const length = 7;
      await expectNoLeak(async () => {
        const batch = batchOfTexts(asked, { length });
        const answer = await stored.predict(batch, {
          outputs: ['output', 'tags', 'pooled'],
          taps: ['hidden'],
        });
        for (const member of [0, 1]) {
          const logits = padded(asked, length, (text) => numbersOf([text], vocabulary, member));
          expect(valuesOf(answer, 'output', member)).toEqual(logits);
        }
        const tags = padded(asked, length, (text) => numbersOf([text], 1, 9).map(Math.round));
        expect(valuesOf(answer, 'tags').map((value) => value + 0)).toEqual(tags.map((value) => value + 0));
        expect(answer.members[0]?.outputs['tags']).toMatchObject({ dtype: 'int32', shape: [3, length] });
        const firsts = asked.map((text) => tokensOf(text)[0] as number);
        expect(valuesOf(answer, 'pooled')).toEqual(firsts.flatMap((own) => [own, -own]));
        expect(answer.taps[0]?.shape).toEqual([3, length, 2, 3]);
        const hidden = padded(asked, length, (text) => numbersOf([text], 6, 20));
        expect(Array.from(answer.taps[0]?.dataSync() ?? [])).toEqual(hidden);
        dispose([...tensorsOfAnswer(answer), batch.mask, ...Object.values(batch.inputs)]);
      });
    });
  });

  it.each<[Partial<StoreOptions>, (value: number) => number, number]>([
    [{}, (value) => value, 5],
    [{ dtype: 'float16' }, (value) => halfValues[halfBits(value)] as number, 2],
  ])(
    'of the k largest have them at each position, and zeros after the last, with %j',
    async (more, rounded, digits) => {
      const how = { ...onlyLogits, topK: 2, ...more };
      await withSet(how, { remaining: ignoreRemaining }, async (stored) => {
        const asked = [4, 1];
        const [lengths, length] = [asked.map((text) => tokensOf(text).length), 7];
        expect(lengths).toEqual([7, 6]);
        const names = ['output', 'output/top', 'output/log-probabilities', 'output/log-remaining'];
        const answer = await stored.predict(batchOfTexts(asked), { outputs: names, taps: [] });
        const { outputs } = await stored.describe({ taps: [] });
        expect(names.map((name) => outputs[name]?.shape)).toEqual([
          [null, null, vocabulary],
          [null, null, 2],
          [null, null, 2],
          [null, null],
        ]);
        const shapes = names.map((name) => answer.members[0]?.outputs[name]?.shape);
        expect(shapes).toEqual([[2, 7, vocabulary], [2, 7, 2], [2, 7, 2], [2, 7]]); // prettier-ignore
        const [filled, top, logs, rest] = names.map((name) => valuesOf(answer, name));
        for (const [row, text] of asked.entries()) {
          for (let at = 0; at < length; at++) {
            const place = row * length + at;
            const [own, log] = [top, logs].map((list = []) => list.slice(2 * place, 2 * place + 2));
            const whole = filled?.slice(vocabulary * place, vocabulary * (place + 1)) ?? [];
            if (at >= tokensOf(text).length) {
              expect([own, log, rest?.[place], whole]).toEqual([[0, 0], [0, 0], 0, [0, 0, 0, 0, 0]]); // prettier-ignore
              continue;
            }
            const logits = whole.map((_, index) => numberAt(tokensOf(text), at, index));
            const order = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
            const mass = (index: number): number => Math.exp(logits[index] ?? NaN);
            const sum = (of: readonly number[]): number => of.reduce((all, index) => all + mass(index), 0);
            expect(own).toEqual(order.slice(0, 2));
            expect(own?.map((index) => whole[index])).toEqual(
              own?.map((index) => rounded(logits[index] ?? NaN)),
            );
            const expected = [...order.slice(0, 2).map(mass), sum(order.slice(2))].map((each) =>
              Math.log(each / sum(order)),
            );
            [...(log ?? []), rest?.[place]].forEach((value, index) => {
            expect(value).toBeCloseTo(expected[index] ?? NaN, digits);
          }); // prettier-ignore
          }
        }
      });
    },
  );

  it('without a mask have the length of their batch, whether they are read with one or not', async () => {
    const bare = ({ inputs, ids = [] }: Batch): Batch => ({ inputs, ids });
    const data = texts.map((text) => bare(batchOfTexts([text])));
    await withSet({ ...onlyLogits, data }, { checkInputs: 12 }, async (stored) => {
      const request = { outputs: ['output'], taps: [] };
      const equal = [2, 9];
      expect(equal.map((text) => tokensOf(text).length)).toEqual([4, 4]);
      const answer = await stored.predict(bare(batchOfTexts(equal)), request);
      expect(valuesOf(answer, 'output')).toEqual(numbersOf(equal, vocabulary));
      const masked = await stored.predict(batchOfTexts([0, 4], { token: 3 }), request);
      const expected = padded([0, 4], 7, (text) => numbersOf([text], vocabulary));
      expect(valuesOf(masked, 'output')).toEqual(expected);
    });
  });

  it('may be shorter than the stored ones where the mask says so, such as after a prompt', () =>
    withSet(onlyLogits, {}, async (stored) => {
      const batch = batchOfTexts([4], { length: 8 });
      const mask = tensor([[0, 0, 1, 1, 0, 1, 0, 0]]);
      const answer = await stored.predict({ ...batch, mask }, { outputs: ['output'], taps: [] });
      expect(valuesOf(answer, 'output')).toEqual(padded([4], 8, (text) => numbersOf([text], vocabulary)));
    }));

  it('may be many in one file', () =>
    withFolder(async (out) => {
      const many = Array.from({ length: 3000 }, (_, text) => text);
      await storeSoftTargets({ teacher, data: batchesOf(many, 500), out, ...onlyLogits, rowsPerFile: 3000 });
      const stored = await storedTeacher(out);
      const asked = [2999, 1024, 0, 2047];
      const answer = await stored.predict(batchOfTexts(asked), { outputs: ['output'], taps: [] });
      const length = Math.max(...asked.map((text) => tokensOf(text).length));
      expect(valuesOf(answer, 'output')).toEqual(
        padded(asked, length, (text) => numbersOf([text], vocabulary)),
      );
    }));

  it('may be empty', () =>
    withFolder(async (out) => {
      const batch = (): Batch => ({
        ...batchOfTexts([4, 5]),
        mask: tensor([[0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 0, 0]]),
      }); // prettier-ignore
      await storeSoftTargets({ teacher, data: [batch()], out, ...onlyLogits, topK: 2, rowsPerFile: 1 });
      const stored = await storedTeacher(out, { checkInputs: 2 });
      const { members } = await stored.predict(batch(), { outputs: ['output/top'], taps: [] });
      const top = members[0]?.outputs['output/top']?.dataSync() ?? [];
      expect(Array.from(top).slice(0, 14)).toEqual(Array.from({ length: 14 }, () => 0));
      expect(top[15]).toBeGreaterThan(0);
    }));

  it('are extended by longer ones, in other batches', () =>
    withFolder(async (out) => {
      const short = texts.filter((text) => tokensOf(text).length < 4);
      const store = (of: readonly number[], size: number, token: number) =>
        storeSoftTargets({ teacher, data: batchesOf(of, size, { token }), out, ...onlyLogits });
      expect(await store(short, 2, 0)).toMatchObject({ added: short.length });
      expect(await store(texts, 7, 5)).toMatchObject({ added: 12 - short.length, count: 12 });
      const answer = await (
        await storedTeacher(out)
      ).predict(batchOfTexts(texts), { outputs: ['output'], taps: [] });
      expect(valuesOf(answer, 'output')).toEqual(padded(texts, 7, (text) => numbersOf([text], vocabulary)));
    }));

  it('of shards are merged, checked and described', () =>
    withFolder(async (out) => {
      for (const index of [0, 1]) {
        const shard = { index, count: 2 };
        await storeSoftTargets({ teacher, data: () => batchesOf(texts, 3), out, shard, taps: ['hidden'], topK: { output: 2 } }); // prettier-ignore
      }
      expect(await mergeShards(out)).toEqual({ shards: 2, count: 12 });
      const stored = await storedTeacher(out);
      await stored.verify(teacher);
      const request = { outputs: ['pooled'], taps: ['hidden'] };
      const { taps } = await stored.predict(batchOfTexts(texts.toReversed()), request);
      const hidden = padded(texts.toReversed(), 7, (text) => numbersOf([text], 6, 20));
      expect(Array.from(taps[0]?.dataSync() ?? [])).toEqual(hidden);
      const described = await describeSet(out);
      expect(described).toContain('outputs   logits [?,5] in output/logits, the 2 largest\n');
      expect(described).toContain('outputs   values [?] in tags/values\n');
      expect(described).toContain('tap       [?,2,3] in hidden/tap\n');
    }));

  it('have null for their length in the manifest, of which the version grows', () =>
    withSet({ taps: ['hidden'] }, {}, async (_, out) => {
      const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as object;
      expect(manifest).toMatchObject({
        formatVersion: 3,
        outputs: {
          output: { rowShape: [null, vocabulary] },
          tags: { rowShape: [null], type: 'int32' },
          pooled: { rowShape: [2] },
        },
        taps: [{ rowShape: [null, 2, 3] }],
      });
    }));
});

describe('the input of a sequence', () => {
  it('is its tokens without the padding', () =>
    withSet(onlyLogits, { checkInputs: 12 }, async (stored) => {
      const ask = (batch: Batch) => () => stored.predict(batch, { outputs: ['output'], taps: [] });
      await ask(batchOfTexts(texts, { length: 9, token: NaN }))();
      const { inputs, mask, ids } = batchOfTexts([0, 2], { token: 6 });
      const changed = inputs['tokens']?.arraySync() as number[][];
      (changed[1] as number[])[3] = 10;
      await expectKdError(ask({ inputs: { tokens: tensor(changed) }, mask, ids }), 'KD_ID_INPUT', '"text-2"');
    }));

  it('of another kind is compared in as many entries', () =>
    withFolder(async (out) => {
      const image = (texts: readonly number[], pixel: number) =>
        tensor(texts.map((text) => Array.from({ length: 6 }, (_, row) => [text, row === 3 ? pixel : 0])));
      const withImage = (of: readonly number[], pixel: number, length?: number): Batch => {
        const batch = batchOfTexts(of, length === undefined ? {} : { length });
        return { ...batch, inputs: { ...batch.inputs, zImage: image(of, pixel) } };
      };
      // Texts of four and of three tokens; in the second batch the image is as high as the mask is long.
      expect([2, 5].map((text) => tokensOf(text).length)).toEqual([4, 5]);
      await storeSoftTargets({ teacher, data: [withImage([2, 5], 1, 6)], out, ...onlyLogits });
      const stored = await storedTeacher(out, { checkInputs: 2 });
      const ask = (batch: Batch) => () => stored.predict(batch, { outputs: ['output'], taps: [] });
      await ask(withImage([5, 2], 1))();
      await expectKdError(ask(withImage([2], 2)), 'KD_ID_INPUT', '"text-2"');
    }));
});

describe('what is no sequence', () => {
  const ones5 = ({ inputs }: Batch) => {
    const [rows = 0, length = 0] = inputs['tokens']?.shape ?? [];
    return { members: [{ outputs: { output: ones([rows, length, vocabulary]) }, weight: 1 }], taps: [] };
  };
  const described = (shape: Shape, predict: Teacher['predict']): Teacher => ({
    describe: () =>
      Promise.resolve({
        outputs: { output: { convention: 'logits', shape } },
        taps: [],
        fingerprint: 'f',
        frozen: true,
      }),
    predict,
  });

  it('keeps its padding, and that of its input', () =>
    withFolder(async (out) => {
      const fixed = described([null, 7, vocabulary], ones5);
      await storeSoftTargets({ teacher: fixed, data: [batchOfTexts([2, 4], { token: 3 })], out });
      const stored = await storedTeacher(out);
      const ask = (token: number) => async () =>
        valuesOf(await stored.predict(batchOfTexts([2, 4], { token }), { outputs: ['output'], taps: [] }), 'output');
      expect(await ask(3)()).toEqual(Array.from({ length: 2 * 7 * vocabulary }, () => 1));
      await expectKdError(ask(4), 'KD_ID_INPUT', '"text-2"');
    })); // prettier-ignore

  it('may have an unknown number of classes', () =>
    withFolder(async (out) => {
      const few = described([null, null], ({ ids = [] }) => ({
        members: [{ outputs: { output: ones([ids.length, 4]) }, weight: 1 }],
        taps: [],
      }));
      await storeSoftTargets({ teacher: few, data: [batchOfTexts([2, 4])], out, topK: 3 });
      const manifest = await readFile(join(out, 'manifest.json'), 'utf8');
      expect(JSON.parse(manifest)).toMatchObject({
        formatVersion: 2,
        outputs: { output: { rowShape: [4] } },
      });
    }));
});

describe('storing sequences is refused', () => {
  const store =
    (data: () => Batch, more: Partial<StoreOptions> = {}) =>
    () =>
      withFolder((out) => storeSoftTargets({ teacher, data: [data()], out, ...onlyLogits, ...more }));
  const batch = (more: Partial<Batch> = {}): Batch => ({ ...batchOfTexts([2, 3]), ...more });
  const fours = { outputs: { output: { convention: 'logits', shape: [null, null, 5] } } } as const;
  const short = {
    describe: async () => ({ ...(await teacher.describe({ taps: [] })), ...fours }),
    predict: () => ({ members: [{ outputs: { output: ones([2, 3, 5]) }, weight: 1 }], taps: [] }),
  };

  it.each<[string, () => Batch, Partial<StoreOptions>, string, ...string[]]>([
    ['padding before the text', () => batch({ mask: tensor([[1, 1, 1, 1], [0, 1, 1, 0]]) }), {}, 'KD_MASK_GAPS', 'text-3', '0 at position 0 and 1 at position 1', 'padding last'],
    ['a masked prompt', () => batch({ mask: tensor([[1, 0, 0, 1], [1, 1, 0, 0]]) }), {}, 'KD_MASK_GAPS', 'text-2', '1 at position 3'],
    ['half a position', () => batch({ mask: tensor([[1, 1, 1, 1], [1, 0.5, 0, 0]]) }), {}, 'KD_MASK_GAPS', 'text-3', '0.5 at position 1'],
    ['NaN in the mask', () => batch({ mask: tensor([[NaN, 0, 0, 0], [1, 1, 0, 0]]) }), {}, 'KD_MASK_GAPS', 'text-2', 'NaN at position 0'],
    ['a mask of examples', () => batch({ mask: ones([2]) }), {}, 'KD_TENSOR_SHAPE', 'batch.mask', '[2,?]', '[2]'],
    ['a mask of maps', () => batch({ mask: ones([2, 4, 1]) }), {}, 'KD_TENSOR_SHAPE', 'batch.mask', '[2,4,1]'],
    ['a mask of other rows', () => batch({ mask: ones([1, 4]) }), {}, 'KD_TENSOR_SHAPE', 'batch.mask', '[1,4]'],
    ['a longer mask', () => batch({ mask: ones([2, 5]) }), {}, 'KD_TEACHER_OUTPUT', '[2,5,5]', '[2,4,5]', 'mask'],
    ['an answer shorter than the inputs', () => ({ ...batch(), mask: undefined }) as never, { teacher: short }, 'KD_TEACHER_OUTPUT', '[2,4,5]', '[2,3,5]', 'mask'],
    ['inputs of two lengths and no mask', () => ({ inputs: { ...batch().inputs, side: ones([2, 9]) }, ids: ['a', 'b'] }), {}, 'KD_TERM_NEEDS', 'batch.mask', '4 and 9', 'undefined'],
    ['an infinite number', () => batch({ inputs: { tokens: tensor([[1, 2, 3, 4], [Infinity, 1, 1, 1]]) } }), {}, 'KD_TEACHER_NOT_FINITE', '"text-3"'],
  ])('with %s', async (_, data, more, code, ...facts) => {
    await expectKdError(store(data, more), code, ...facts);
  }); // prettier-ignore

  it('if outputs and taps have two lengths', async () => {
    const two = {
      describe: () => Promise.resolve({
        outputs: { a: { convention: 'values', shape: [null, null] } },
        taps: [{ shape: [null, null, 2] }],
        fingerprint: 'f',
        frozen: true,
      } as const),
      predict: () => ({ members: [{ outputs: { a: ones([1, 4]) }, weight: 1 }], taps: [ones([1, 2, 2])] }),
    }; // prettier-ignore
    const data = (): Batch => ({ inputs: { x: ones([1]) }, ids: ['a'] });
    const how = { teacher: two, outputs: ['a'], taps: ['half'] };
    await expectKdError(store(data, how), 'KD_TEACHER_OUTPUT', '"half" [1,4,2]', '[1,2,2]');
  });

  it('if two axes are unknown and differ, as for a shape that is known', async () => {
    const maps = {
      describe: () => Promise.resolve({
        outputs: { output: { convention: 'values', shape: [null, null, null] } },
        taps: [],
        fingerprint: 'f',
        frozen: true,
      } as const),
      predict: ({ ids = [] }: Batch) => ({
        members: [{ outputs: { output: ones([1, ids[0]?.length ?? 0, 2]) }, weight: 1 }],
        taps: [],
      }),
    }; // prettier-ignore
    const data = ['a', 'bc'].map((id) => ({ inputs: { x: ones([1]) }, ids: [id] }));
    const run = () => withFolder((out) => storeSoftTargets({ teacher: maps, data, out }));
    await expectKdError(run, 'KD_TARGETS_MISMATCH', 'the shape of an output', '[1,2]', '[2,2]');
  });
});

describe('reading sequences is refused', () => {
  const withMask = (of: readonly number[], mask: Batch['mask']): Batch => ({
    ...batchOfTexts(of),
    ...(mask && { mask }),
  });
  const bare = ({ inputs, ids = [] }: Batch, more: Batch['inputs'] = {}): Batch => ({
    inputs: { ...inputs, ...more },
    ids,
  });
  // The text 2 has four tokens, the text 0 has one.
  it.each<[string, () => Batch, string, string]>([
    ['for more positions than are stored', () => withMask([0, 2], tensor([[1, 1, 0, 0], [1, 1, 1, 1]])), 'KD_TARGETS_MISMATCH', '"text-0" must be from 2 to 4, for the positions that count and the length of the batch; received 1.'],
    ['for a position after the end', () => withMask([0, 2], tensor([[0, 1, 0, 0], [1, 1, 1, 1]])), 'KD_TARGETS_MISMATCH', '"text-0" must be from 2 to 4, '],
    ['for a batch that is shorter', () => withMask([0, 2], tensor([[1, 0, 0], [1, 1, 0]])), 'KD_TARGETS_MISMATCH', '"text-2" must be from 2 to 3, for the positions that count and the length of the batch; received 4.'],
    ['for padding without a mask', () => bare(batchOfTexts([2, 0])), 'KD_TARGETS_MISMATCH', '"text-0" must be 4, for the positions that count and the length of the batch; received 1. Give the batch the mask'],
    ['for two lengths without inputs', () => ({ inputs: {}, ids: ['text-2', 'text-0'] }), 'KD_TARGETS_MISMATCH', '"text-0" must be 4, '],
    ['with a mask of examples', () => withMask([0, 2], ones([2])), 'KD_TENSOR_SHAPE', 'batch.mask must be of shape [2,?], because the stored outputs are sequences; received [2].'],
    ['with a mask of other rows', () => withMask([0, 2], ones([1, 4])), 'KD_TENSOR_SHAPE', 'received [1,4].'],
    ['with inputs of two lengths and no mask', () => bare(batchOfTexts([2]), { side: ones([1, 9]) }), 'KD_TERM_NEEDS', 'batch.mask must be given, because the inputs have second axes of 4 and 9; received undefined.'],
  ])('%s', async (_, batch, code, message) => {
    await withSet(onlyLogits, { checkInputs: 0 }, async (stored) => {
      const ask = () => stored.predict(batch(), { outputs: ['output'], taps: [] });
      await expectKdError(ask, code);
      await expect(ask()).rejects.toThrow(message);
    });
  }); // prettier-ignore
});

describe('a set of sequences', () => {
  it('has the same bytes again, and no padding', () =>
    withFolder(async (folder) => {
      const outs = ['one', 'two'].map((name) => join(folder, name));
      for (const [index, out] of outs.entries()) {
        const data = batchesOf(texts, 4, { token: index, length: 7 + 100 * index });
        await storeSoftTargets({ teacher, data, out, ...onlyLogits, topK: 2 });
      }
      const [one = '', two = ''] = outs;
      for (const name of await readdir(one)) {
        expect(await readFile(join(two, name))).toEqual(await readFile(join(one, name)));
      }
    }));
});
