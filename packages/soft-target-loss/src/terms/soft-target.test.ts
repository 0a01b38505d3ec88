import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Convention, Term } from '@kd/core';
import {
  backends,
  expectClose,
  expectKdError,
  numbersOf,
  termBatch,
  useBackend,
  weightedSum,
} from '@kd/testing';
import type { BatchParts } from '@kd/testing';
import { grad, sigmoid, softmax, sum, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { jensenShannonLoss } from '../jensen-shannon-loss.js';
import { logitMatchingLoss } from '../logit-matching-loss.js';
import { reverseSoftTargetLoss } from '../reverse-soft-target-loss.js';
import { sigmoidSoftTargetLoss } from '../sigmoid-soft-target-loss.js';
import { softTargetLoss } from '../soft-target-loss.js';
import { logitMatching } from './logit-matching.js';
import { jensenShannon, reverseSoftTarget, sigmoidSoftTarget, softTarget } from './soft-target.js';

const v = () => tensor2d([[1, 2, 3], [0.5, -1, 2]]); // prettier-ignore
const z = () => tensor2d([[3, 1, 0.5], [1, -2, 2.5]]); // prettier-ignore
const unscaled = { temperature: 4, scaleByTemperatureSquared: false };

const table: readonly [
  name: string,
  term: Term,
  loss: (v: Tensor, z: Tensor) => Tensor,
  conventions: readonly [logits: Convention, probabilities: Convention],
][] = [
  [
    'softTarget',
    softTarget({ temperature: 4 }),
    (a, b) => softTargetLoss(a, b, { temperature: 4 }),
    ['logits', 'probabilities'],
  ],
  [
    'softTarget without T²',
    softTarget(unscaled),
    (a, b) => softTargetLoss(a, b, unscaled),
    ['logits', 'probabilities'],
  ],
  [
    'reverseSoftTarget',
    reverseSoftTarget({ temperature: 4 }),
    (a, b) => reverseSoftTargetLoss(a, b, { temperature: 4 }),
    ['logits', 'probabilities'],
  ],
  [
    'jensenShannon',
    jensenShannon({ temperature: 4 }),
    (a, b) => jensenShannonLoss(a, b, { temperature: 4 }),
    ['logits', 'probabilities'],
  ],
  [
    'jensenShannon, β = 0.1',
    jensenShannon({ ...unscaled, beta: 0.1 }),
    (a, b) => jensenShannonLoss(a, b, { ...unscaled, beta: 0.1 }),
    ['logits', 'probabilities'],
  ],
  ['logitMatching', logitMatching(), logitMatchingLoss, ['logits', 'probabilities']],
  [
    'sigmoidSoftTarget',
    sigmoidSoftTarget({ temperature: 4 }),
    (a, b) => sigmoidSoftTargetLoss(a, b, { temperature: 4 }),
    ['sigmoid-logits', 'sigmoid-probabilities'],
  ],
];

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(table)('%s', (_name, term, loss, [logits, probabilities]) => {
    const squash = (x: Tensor): Tensor => (logits === 'logits' ? softmax(x) : sigmoid(x));

    it.each([
      [logits, logits],
      [logits, probabilities],
      [probabilities, logits],
      [probabilities, probabilities],
    ])('of %s from the teacher and %s from the student is the loss of their logits', async (ofV, ofZ) => {
      const outputOf = (x: Tensor, convention: Convention) => (convention === logits ? x : squash(x));
      const partsAt = (student: Tensor): BatchParts => ({
        student: outputOf(student, ofZ),
        convention: ofZ,
        teachers: [outputOf(v(), ofV)],
        teacherConvention: ofV,
      });
      const result = await numbersOf(term.loss(termBatch(partsAt(z()))));
      const expected = await loss(v(), z()).array();
      expectClose(result.values, expected, { relative: 1e-5, absolute: 1e-6 });
      expect(result.weights).toBeUndefined();
      const gradient = grad((x: Tensor) => weightedSum(term.loss(termBatch(partsAt(x)))))(z());
      const expectedGradient = await grad((x: Tensor) => sum(loss(v(), x)))(z()).array();
      expectClose(await gradient.data(), expectedGradient, { relative: 1e-4, absolute: 3e-6 });
    });

    it('stays finite for zeros and ones from a teacher', async () => {
      // Except for the terms that have no finite value there.
      if (term.name === 'reverse soft' || term.name === 'logit matching') return;
      const certain = tensor2d([[0, 1, 0], [1, 0, 0]]); // prettier-ignore
      const parts = {
        student: z(),
        convention: logits,
        teachers: [certain],
        teacherConvention: probabilities,
      };
      const { values } = await numbersOf(term.loss(termBatch(parts)));
      expect(values.every(Number.isFinite)).toBe(true);
      const gradient = grad((x: Tensor) => weightedSum(term.loss(termBatch({ ...parts, student: x }))))(z());
      expect(Array.from(await gradient.data()).every(Number.isFinite)).toBe(true);
    });
  });
});

describe('a soft term', () => {
  beforeAll(() => useBackend('cpu'));

  it('describes itself', () => {
    expect(softTarget({ temperature: 4 })).toMatchObject({
      apiVersion: 1,
      name: 'soft',
      weight: 1,
      reduces: 'example',
      needs: ['teacher'],
    });
    expect(table.map(([, { name }]) => name)).toEqual([
      'soft',
      'soft',
      'reverse soft',
      'Jensen-Shannon',
      'Jensen-Shannon',
      'logit matching',
      'sigmoid soft',
    ]);
    const weight = () => 2;
    expect(softTarget({ temperature: 4, name: 'warm', weight })).toMatchObject({ name: 'warm', weight });
    expect(logitMatching({ name: 'match', weight: 0 })).toMatchObject({ name: 'match', weight: 0 });
  });

  it.each([1e20, 1e-30, 0])('refuses %d from a schedule of its temperature', async (temperature) => {
    const term = softTarget({ temperature: () => temperature });
    const loss = (): unknown => term.loss(termBatch({ student: z(), teachers: [v()], epoch: 0 }));
    await expectKdError(loss, 'KD_OPTION_RANGE', 'options.temperature', 'from 2^-63 to 2^63');
  });

  it('accepts a schedule of its temperature', async () => {
    const term = softTarget({ temperature: ({ epoch }) => 8 - 2 * epoch });
    for (const [epoch, temperature] of [
      [0, 8],
      [2, 4],
    ] as const) {
      const { values } = await numbersOf(term.loss(termBatch({ student: z(), teachers: [v()], epoch })));
      expectClose(values, await softTargetLoss(v(), z(), { temperature }).array(), {
        relative: 1e-7,
        absolute: 0,
      });
    }
  });
});
