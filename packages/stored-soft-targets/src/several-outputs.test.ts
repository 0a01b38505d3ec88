import type { Teacher, TeacherAnswer } from '@kd/core';
import { tensorsOfAnswer } from '@kd/core';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { softmax } from '@kd/testing/float64';
import { dispose, tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { examples, inputOf, batchOf, withFolder } from '../test/small.js';
import { storedTeacher, storeSoftTargets } from './node.js';
import type { StoredTeacherOptions, StoreOptions } from './node.js';
import { ignoreRemaining } from './remaining-mass.js';

beforeAll(() => useBackend('cpu'));

const number = (row: number, index: number, kind: number): number =>
  Math.fround(3 * Math.sin((inputOf(row)[0] as number) * (index + 1) + kind));
const numbers = (rows: readonly number[], size: number, kind: number): number[] =>
  rows.flatMap((row) => Array.from({ length: size }, (_, index) => number(row, index, kind)));
const tokens = { length: 2, classes: 5 };

/** A detector: boxes `[B, 2, 4]`, counts `[B]` as int32, and logits of tokens `[B, 2, 5]`; one tap. */
function detector(weights: readonly number[] = [1], asked: unknown[] = []): Teacher {
  const infos = {
    boxes: { convention: 'values', shape: [null, 2, 4] },
    count: { convention: 'values', shape: [null] },
    tokens: {
      convention: 'logits',
      shape: [null, tokens.length, tokens.classes],
      classes: ['a', 'b', 'c', 'd', 'e'],
    },
  } as const;
  return {
    describe: ({ taps }) =>
      Promise.resolve({
        outputs: infos,
        taps: taps.map(() => ({ shape: [null, 3], activation: 'relu' })),
        fingerprint: 'detector',
        frozen: true,
      }),
    predict: (batch, { outputs, taps }) => {
      asked.push([outputs, taps]);
      // The last number of an input is the number of the example.
      const input = batch.inputs['x'] ?? Object.values(batch.inputs)[0];
      const rows = Array.from((input as Tensor).dataSync()).filter((_, index) => index % 3 === 2);
      const made = (member: number): Record<string, Tensor> => ({
        boxes: tensor(numbers(rows, 8, member), [rows.length, 2, 4]),
        count: tensor(rows, [rows.length], 'int32'),
        tokens: tensor(numbers(rows, 10, 7 + member), [rows.length, 2, 5]),
      });
      return {
        members: weights.map((weight, member) => {
          const all = made(member);
          return { outputs: Object.fromEntries(outputs.map((name) => [name, all[name] as Tensor])), weight };
        }),
        taps: taps.map((_, index) => tensor(numbers(rows, 3, 20 + index), [rows.length, 3])),
      };
    },
  };
}

async function withSet(
  how: Partial<StoreOptions>,
  read: StoredTeacherOptions,
  body: (stored: Teacher, out: string) => Promise<void>,
  teacher = detector(),
): Promise<void> {
  await withFolder(async (out) => {
    await storeSoftTargets({ teacher, data: examples(9), out, batchSize: 4, rowsPerFile: 4, ...how });
    await body(await storedTeacher(out, read), out);
  });
}
const valuesOf = (answer: TeacherAnswer, name: string, member = 0): number[] =>
  Array.from(answer.members[member]?.outputs[name]?.dataSync() ?? []);
const rows = [8, 1, 4];

describe('a set of several outputs', () => {
  it('answers with those that are asked for, each in its type and shape', () =>
    withSet({ taps: ['conv', { layer: 'pool', at: 'preActivation' }] }, {}, async (stored) => {
      const taps = [{ layer: 'pool', at: 'preActivation' } as const, 'conv'];
      const description = await stored.describe({ taps });
      expect(description.outputs).toEqual((await detector().describe({ taps: [] })).outputs);
      expect(description.taps).toEqual([
        { shape: [null, 3], activation: 'relu' },
        { shape: [null, 3], activation: 'relu' },
      ]);
      expect(description.fingerprint).toBe('detector');
      const batch = batchOf(rows);
      await expectNoLeak(async () => {
        const answer = await stored.predict(batch, { outputs: ['tokens', 'count'], taps });
        expect(Object.keys(answer.members[0]?.outputs ?? {})).toEqual(['tokens', 'count']);
        expect(valuesOf(answer, 'tokens')).toEqual(numbers(rows, 10, 7));
        expect(answer.members[0]?.outputs['tokens']?.shape).toEqual([3, 2, 5]);
        expect(valuesOf(answer, 'count')).toEqual(rows);
        expect(answer.members[0]?.outputs['count']).toMatchObject({ dtype: 'int32', shape: [3] });
        expect(answer.taps.map((tap) => Array.from(tap.dataSync()))).toEqual([
          numbers(rows, 3, 21),
          numbers(rows, 3, 20),
        ]);
        dispose(tensorsOfAnswer(answer));
      });
      const hints = await stored.predict(batch, { outputs: [], taps: ['conv'] });
      expect(hints.members).toEqual([]);
      expect(hints.taps).toHaveLength(1);
    }));

  it('stores only the outputs that are named, and asks for no others', async () => {
    const asked: unknown[] = [];
    await withSet(
      { outputs: ['boxes'] },
      {},
      async (stored, out) => {
        expect(Object.keys((await stored.describe({ taps: [] })).outputs)).toEqual(['boxes']);
        await expectKdError(
          () => storeSoftTargets({ teacher: detector(), data: examples(9), out }),
          'KD_TARGETS_MISMATCH',
          'the outputs',
          '["boxes"]',
        );
      },
      detector([1], asked),
    );
    expect(asked[0]).toEqual([['boxes'], []]);
  });

  it('keeps members apart', () =>
    withSet(
      {},
      {},
      async (stored) => {
        const answer = await stored.predict(batchOf(rows), { outputs: ['boxes'], taps: [] });
        expect(answer.members.map(({ weight }) => weight)).toEqual([0.25, 0.75]);
        for (const member of [0, 1])
          expect(valuesOf(answer, 'boxes', member)).toEqual(numbers(rows, 8, member));
      },
      detector([0.25, 0.75]),
    ));

  it('resumes only with the same taps', () =>
    withSet({ taps: ['conv'] }, {}, async (_, out) => {
      const store = (taps: string[]) => () =>
        storeSoftTargets({ teacher: detector(), data: examples(9), out, taps });
      await expectKdError(store([]), 'KD_TARGETS_MISMATCH', 'the taps', '["conv"]');
      expect(await store(['conv'])()).toMatchObject({ added: 0 });
    }));

  it.each<[string, Partial<StoreOptions>, string, ...string[]]>([
    ['an unknown output', { outputs: ['box'] }, 'KD_OUTPUT_UNKNOWN', 'options.outputs', '"box"', 'boxes, count, tokens'],
    ['nothing to store', { outputs: [] }, 'KD_OPTION_TYPE', 'options.outputs'],
    ['one k for several outputs', { topK: 2 }, 'KD_OPTION_TYPE', 'options.topK', '2', 'topK: { boxes: 2 }'],
    ['k of an unknown output', { topK: { token: 2 } }, 'KD_OUTPUT_UNKNOWN', 'options.topK', '"token"'],
    ['k of values', { topK: { boxes: 2 } }, 'KD_TEACHER_CONVENTION', 'options.topK', '"values"'],
    ['k of all classes', { topK: { tokens: 5 } }, 'KD_OPTION_RANGE', 'options.topK', '5'],
  ])('is refused for %s', async (_, how, code, ...facts) => {
    await withFolder((out) =>
      expectKdError(() => storeSoftTargets({ teacher: detector(), data: examples(3), out, ...how }), code, ...facts),
    );
  }); // prettier-ignore
});

describe('the k largest', () => {
  const how = { topK: { tokens: 2 } };
  const names = ['tokens/top', 'tokens/log-probabilities', 'tokens/log-remaining'];

  it.each([undefined, ignoreRemaining])('are read as three outputs of values at each position', (remaining) =>
    withSet(how, remaining ? { remaining } : {}, async (stored) => {
      const { outputs } = await stored.describe({ taps: [] });
      const values = (...shape: number[]) => ({ convention: 'values', shape: [null, ...shape] });
      expect(outputs).toMatchObject({
        'tokens/top': values(2, 2),
        'tokens/log-probabilities': values(2, 2),
        'tokens/log-remaining': values(2),
      });
      expect(Object.hasOwn(outputs, 'tokens')).toBe(remaining !== undefined);
      const answer = await stored.predict(batchOf(rows), { outputs: names, taps: [] });
      expect(answer.members[0]?.outputs['tokens/top']?.dtype).toBe('int32');
      const [top, logs, rest] = names.map((name) => valuesOf(answer, name)) as [number[], number[], number[]];
      const logits = numbers(rows, 10, 7);
      for (let position = 0; position < 2 * rows.length; position++) {
        const p = softmax(logits.slice(5 * position, 5 * position + 5), 1);
        const order = [...p.keys()].sort((a, b) => (p[b] as number) - (p[a] as number));
        const kept = order.slice(0, 2);
        expect(top.slice(2 * position, 2 * position + 2)).toEqual(kept);
        const expected = [
          ...kept.map((index) => Math.log(p[index] as number)),
          Math.log(order.slice(2).reduce((sum, index) => sum + (p[index] as number), 0)),
        ];
        const given = [...logs.slice(2 * position, 2 * position + 2), rest[position] as number];
        expectClose(given, expected, { relative: 1e-5, absolute: 1e-6 });
      }
    }),
  );

  it('are filled in only when the whole output is asked for', async () => {
    let filled = 0;
    const remaining = Object.assign(
      (...given: Parameters<typeof ignoreRemaining>) => {
        filled += 1;
        ignoreRemaining(...given);
      },
      { id: 'counted' },
    );
    await withSet(how, { remaining }, async (stored) => {
      await stored.predict(batchOf(rows), { outputs: [...names, 'boxes'], taps: [] });
      expect(filled).toBe(0);
      const answer = await stored.predict(batchOf(rows), { outputs: ['tokens'], taps: [] });
      expect(filled).toBe(2 * rows.length);
      const logits = numbers(rows, 10, 7);
      const kept = valuesOf(answer, 'tokens').filter((value, index) => value === logits[index]);
      expect(kept).toHaveLength(2 * 2 * rows.length);
    });
  });

  it('of probabilities of zero stay finite', () =>
    withFolder(async (out) => {
      const sure: Teacher = {
        describe: () =>
          Promise.resolve({
            outputs: { output: { convention: 'probabilities', shape: [null, 3] } },
            taps: [],
            fingerprint: 'sure',
            frozen: true,
          }),
        predict: ({ ids = [] }) => ({
          members: [{ outputs: { output: tensor(ids.flatMap(() => [0, 1, 0]), [ids.length, 3]) }, weight: 1 }],
          taps: [],
        }),
      };
      await storeSoftTargets({ teacher: sure, data: examples(2), out, topK: 2 });
      const stored = await storedTeacher(out);
      const logs = 'output/log-probabilities';
      const answer = await stored.predict(batchOf([1]), { outputs: ['output/top', logs, 'output/log-remaining'], taps: [] });
      expect(valuesOf(answer, 'output/top')).toEqual([1, 0]);
      expect(valuesOf(answer, logs)).toEqual([0, -103]);
      expect(valuesOf(answer, 'output/log-remaining')).toEqual([-103]);
      expect(answer.members[0]?.outputs['output/log-remaining']?.shape).toEqual([1]);
    })); // prettier-ignore

  it('of several members have no parts, because the mean of class ids means nothing', () =>
    withSet(
      how,
      { remaining: ignoreRemaining },
      async (stored) => {
        const { outputs } = await stored.describe({ taps: [] });
        expect(Object.keys(outputs)).toEqual(['boxes', 'count', 'tokens']);
      },
      detector([0.5, 0.5]),
    ));
});
