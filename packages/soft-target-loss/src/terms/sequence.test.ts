import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Term } from '@kd/core';
import { backends, expectClose, lossOf, members, useBackend } from '@kd/testing';
import { grad, mul, sum, tensor, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenCases } from '../../test/golden.js';
import { hardTarget } from './hard-target.js';
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
const valuesOf = (term: Term, student: Tensor, teacher: Tensor): Tensor =>
  lossOf(term, {
    student: { output: student },
    teacher: { output: term.name === 'logit matching' ? teacher : members([teacher]) },
  }).values;

describe.each(backends)('a term over sequences on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)('agrees with TRL over the kept positions: $name', async ({ params, inputs, expected }) => {
    const keep = inputs.labels.map((row) => row.map((label) => (label === -100 ? 0 : 1)));
    const count = keep.flat().filter((kept) => kept === 1).length;
    const { T: temperature, beta } = params;
    const term = jensenShannon({ temperature, beta, scaleByTemperatureSquared: false });
    const total = (x: Tensor): Tensor => sum(mul(valuesOf(term, x, tensor(inputs.teacher)), tensor2d(keep)));
    const [loss = NaN] = await total(tensor(inputs.student)).data();
    expectClose(loss / count, expected.loss, { relative: 2e-6, absolute: 0 });
    const gradient = grad(total)(tensor(inputs.student));
    expectClose(
      Array.from(await gradient.data(), (x) => x / count),
      expected.gradStudent,
      { relative: 1e-5, absolute: 1e-7 },
    );
  });

  it.each([softTarget({ temperature: 2 }), logitMatching()])(
    'has a value for each position, that of the position alone: $name',
    async (term) => {
      const values = valuesOf(term, tensor(z), tensor(v));
      expect(values.shape).toEqual([2, 3]);
      const alone = z.flatMap((row, b) =>
        row.map((position, l) => valuesOf(term, tensor2d([position]), tensor2d([v[b]?.[l] ?? []]))),
      );
      const expected = await Promise.all(alone.map(async (one) => (await one.data())[0] ?? NaN));
      expectClose(await values.data(), expected, { relative: 1e-6, absolute: 0 });
    },
  );

  it('of labels has a value for each position too', async () => {
    const labels = tensor2d([[1, 0, 0], [0, 1, 0]], [2, 3], 'int32'); // prettier-ignore
    const { values } = lossOf(hardTarget(), { student: { logits: tensor(z) }, targets: { labels } });
    const right = (logits: number[], label: number): number =>
      Math.log(logits.reduce((total, x) => total + Math.exp(x), 0)) - (logits[label] ?? NaN);
    const expected = [[1, 0, 0], [0, 1, 0]].map((row, b) => row.map((label, l) => right(z[b]?.[l] ?? [], label))); // prettier-ignore
    expectClose(await values.data(), expected, { relative: 1e-6, absolute: 0 });
  });
});
