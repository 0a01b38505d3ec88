import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, features, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { ones, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { multiLevel, multiLevelLoss } from './index.js';

const authors = goldenFile('multi-level/mlkd') as GoldenFile<
  { component: 'kd' | 'cc' | 'bc'; T: number },
  { student: Nested; teacher: Nested }
>;
const levels = { kd: 'instances', bc: 'batches', cc: 'classes' } as const;
const none = { instances: 0, batches: 0, classes: 0 };

describe.each(backends)('multiLevel on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm(
    'multiLevel',
    multiLevel,
    { student: { logits: [5] }, teacher: { logits: [5] } },
    {
      options: {},
      variants: [{ temperatures: [2] }, { instances: 2 }, { batches: 0 }, { classes: 3 }],
      atEquality: 'zero',
      constant: ['teacher.logits'],
      refuses: {
        temperatures: [[], [0], [NaN], 4],
        instances: [-1],
        batches: [Infinity],
        classes: ['1'],
        weight: [-1],
        name: [''],
        output: [''],
      },
    },
  );

  describeGolden('the authors', authors, {
    makeTerm: ({ component, T }) => multiLevel({ ...none, temperatures: [T], [levels[component]]: 1 }),
    values: ({ student, teacher }) => ({ student: { logits: student }, teacher: { logits: teacher } }),
  });

  it('sums levels and temperatures, by their weights', async () => {
    const [teacher, student] = [features([3, 4], 1), features([3, 4], 2)];
    const of = async (options: object): Promise<number> =>
      (await multiLevelLoss(teacher, student, options).data())[0] ?? NaN;
    const each = [2, 5].flatMap((T) =>
      Object.values(levels).map((level) => of({ ...none, [level]: 1, temperatures: [T] })),
    );
    const [i2 = NaN, b2 = NaN, c2 = NaN, i5 = NaN, b5 = NaN, c5 = NaN] = await Promise.all(each);
    const expected = 0.5 * (i2 + i5) + 2 * (b2 + b5) + 3 * (c2 + c5);
    const all = await of({ temperatures: [2, 5], instances: 0.5, batches: 2, classes: 3 });
    expectClose(all, expected, { relative: 1e-5, absolute: 0 });
  });

  it('takes each position as an example', async () => {
    const [teacher, student] = [features([2, 3, 4], 1), features([2, 3, 4], 2)];
    const flat = (x: Tensor): Tensor => reshape(x, [6, 4]);
    const expected = await multiLevelLoss(flat(teacher), flat(student)).array();
    expectClose(await multiLevelLoss(teacher, student).data(), expected, { relative: 1e-6, absolute: 0 });
  });
});

describe('multiLevelLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const z = (classes = 3): Tensor => ones([2, classes]);
  itRefuses(
    [
      ['one class', () => [z(1), z(1)], 'KD_TENSOR_SHAPE', 'N >= 2'],
      ['other classes', () => [z(4), z(3)], 'KD_CLASSES_MISMATCH'],
      ['no temperature', () => [z(), z(), { temperatures: [] }], 'KD_OPTION_RANGE', 'temperatures'],
      ['an unknown option', () => [z(), z(), { temperature: 1 }], 'KD_OPTION_UNKNOWN', 'temperatures'],
    ],
    (given: Parameters<typeof multiLevelLoss>) => multiLevelLoss(...given),
    'multiLevelLoss',
  );
});
