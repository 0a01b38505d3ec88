import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import {
  backends,
  expectClose,
  expectKdError,
  numbersOf,
  termBatch,
  termShapes,
  useBackend,
  weightedSum,
} from '@kd/testing';
import { grad, ones, tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenCases } from '../../test/golden.js';
import { hardTarget, hardTargetFromDistributions, sigmoidHardTarget } from './hard-target.js';
import { logitMatching } from './logit-matching.js';
import { jensenShannon, softTarget } from './soft-target.js';

interface Params {
  readonly beta: number;
  readonly T: number;
}
interface Inputs {
  readonly student: number[][];
  readonly teacher: number[][];
  readonly labels: number[][];
}
const cases = goldenCases<Params, Inputs>('jsd').filter(({ name }) => name === 'tokens_masked');

const v = [[[1, 2], [0, 4], [3, 3]], [[2, 0], [1, 1], [-1, 5]]]; // prettier-ignore
const z = [[[3, 1], [0.5, 0], [1, 2]], [[0, 0], [4, -4], [2, 1]]]; // prettier-ignore
const mask = [[1, 0, 1], [0, 1, 0]]; // prettier-ignore
const keptPositions = [[0, 2], [1]]; // prettier-ignore
const keptOf = (rows: readonly (readonly number[])[], row: number): number[][] =>
  (keptPositions[row] ?? []).map((position) => [...(rows[position] ?? [])]);

describe.each(backends)('a term over sequences on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)('agrees with TRL: $name', async ({ params, inputs, expected }) => {
    const keep = inputs.labels.map((row) => row.map((label) => (label === -100 ? 0 : 1)));
    const count = keep.flat().filter((kept) => kept === 1).length;
    const term = jensenShannon({
      temperature: params.T,
      beta: params.beta,
      scaleByTemperatureSquared: false,
    });
    const lossAt = (student: Tensor) =>
      term.loss(termBatch({ student, teachers: [tensor(inputs.teacher)], batch: { mask: tensor2d(keep) } }));
    const { weights = [] } = await numbersOf(lossAt(tensor(inputs.student)));
    expect(weights.reduce((a, b) => a + b)).toBe(count);
    const [total = NaN] = await weightedSum(lossAt(tensor(inputs.student))).data();
    expectClose(total / count, expected.loss, { relative: 2e-6, absolute: 0 });
    const gradient = grad((x: Tensor) => weightedSum(lossAt(x)))(tensor(inputs.student));
    expectClose(
      Array.from(await gradient.data(), (x) => x / count),
      expected.gradStudent,
      { relative: 1e-5, absolute: 1e-7 },
    );
  });

  it('is the mean over the kept positions, and weights an example by their number', async () => {
    for (const term of [softTarget({ temperature: 2 }), logitMatching()]) {
      const result = await numbersOf(
        term.loss(termBatch({ student: tensor(z), teachers: [tensor(v)], batch: { mask: tensor2d(mask) } })),
      );
      const alone = await Promise.all(
        [0, 1].map(async (row) => {
          const parts = {
            student: tensor(keptOf(z[row] ?? [], row)),
            teachers: [tensor(keptOf(v[row] ?? [], row))],
          };
          const { values } = await numbersOf(term.loss(termBatch(parts)));
          return values.reduce((a, b) => a + b) / values.length;
        }),
      );
      expectClose(result.values, alone, { relative: 1e-6, absolute: 0 });
      expect(result.weights).toEqual([2, 1]);
    }
  });

  it('without a mask is the mean over all positions', async () => {
    const term = softTarget({ temperature: 2 });
    const parts = { student: tensor(z), teachers: [tensor(v)] };
    const plain = await numbersOf(term.loss(termBatch(parts)));
    const full = await numbersOf(term.loss(termBatch({ ...parts, batch: { mask: ones([2, 3]) } })));
    expect(plain.weights).toBeUndefined();
    expect(full.weights).toEqual([3, 3]);
    expectClose(full.values, plain.values, { relative: 1e-6, absolute: 0 });
  });

  it('gives an example without kept positions neither value nor weight', async () => {
    const batch = { mask: tensor2d([[0, 0, 0], [1, 1, 1]]) }; // prettier-ignore
    const parts = { student: tensor(z), teachers: [tensor(v)], batch };
    const { values, weights } = await numbersOf(softTarget({ temperature: 2 }).loss(termBatch(parts)));
    expect([values[0], weights]).toEqual([0, [0, 3]]);
    expect(values[1]).toBeGreaterThan(0);
  });

  it('refuses a mask that would be broadcast', async () => {
    const batch = { mask: ones([2, 1]) };
    const body = () =>
      softTarget({ temperature: 2 }).loss(termBatch({ student: tensor(z), teachers: [tensor(v)], batch }));
    await expectKdError(body, 'KD_TENSOR_SHAPE', 'softTarget', 'batch.mask', '[2,1]');
  });

  it('of hard targets ignores labels where the mask is 0, whatever they hold', async () => {
    const clean = tensor2d([[1, 0, 0], [0, 1, 0]], [2, 3], 'int32'); // prettier-ignore
    const padded = [
      tensor2d([[1, -100, 0], [-100, 1, -100]], [2, 3], 'int32'), // prettier-ignore
      tensor([1, -1, 0, NaN, 1, 7], [2, 3, 1]),
    ];
    const labelled = tensor1d([1, 1]);
    const shapes = termShapes([null, 3, 2], 'logits');
    for (const labels of padded) {
      const at = (given: Tensor) => (student: Tensor) =>
        hardTarget().loss(
          termBatch({ student, batch: { targets: { labels: given }, mask: tensor2d(mask), labelled } }),
        );
      const result = await numbersOf(at(labels)(tensor(z)));
      expect(result).toEqual(await numbersOf(at(clean)(tensor(z))));
      expect(result.weights).toEqual([2, 1]);
      const gradient = grad((x: Tensor) => weightedSum(at(labels)(x)))(tensor(z));
      const expected = grad((x: Tensor) => weightedSum(at(clean)(x)))(tensor(z));
      expect(await gradient.array()).toEqual(await expected.array());
      await hardTarget().checkBatch?.({ targets: { labels }, mask: tensor2d(mask) }, shapes);
      await expectKdError(
        () => hardTarget().checkBatch?.({ targets: { labels } }, shapes),
        'KD_LABEL_RANGE',
        'row 0 of targets.labels',
      );
    }
  });

  it('of distributions and of independent labels ignores them too', async () => {
    const labels = tensor([[[0, 1], [NaN, NaN], [1, 0]], [[5, 5], [0.5, 0.5], [-1, 2]]]); // prettier-ignore
    const clean = tensor([[[0, 1], [1, 0], [1, 0]], [[1, 0], [0.5, 0.5], [1, 0]]]); // prettier-ignore
    for (const [term, convention] of [
      [hardTargetFromDistributions(), 'logits'],
      [sigmoidHardTarget(), 'sigmoid-logits'],
    ] as const) {
      const at = (given: Tensor) =>
        term.loss(
          termBatch({
            student: tensor(z),
            convention,
            batch: { targets: { labels: given }, mask: tensor2d(mask) },
          }),
        );
      expect(await numbersOf(at(labels))).toEqual(await numbersOf(at(clean)));
      await term.checkBatch?.(
        { targets: { labels }, mask: tensor2d(mask) },
        termShapes([null, 3, 2], convention),
      );
    }
  });
});
