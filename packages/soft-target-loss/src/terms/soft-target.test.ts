import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Term, TermLoss } from '@kd/core';
import {
  backends,
  expectClose,
  expectKdError,
  lossOf,
  members,
  numbersOf,
  useBackend,
  weightedSum,
} from '@kd/testing';
import { grad, sum, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { jensenShannonLoss } from '../jensen-shannon-loss.js';
import { logitMatchingLoss } from '../logit-matching-loss.js';
import { reverseSoftTargetLoss } from '../reverse-soft-target-loss.js';
import { sigmoidSoftTargetLoss } from '../sigmoid-soft-target-loss.js';
import { skewReverseSoftTargetLoss } from '../skew-reverse-soft-target-loss.js';
import { skewSoftTargetLoss } from '../skew-soft-target-loss.js';
import { softTargetLoss } from '../soft-target-loss.js';
import { logitMatching } from './logit-matching.js';
import { skewReverseSoftTarget, skewSoftTarget } from './skew-soft-target.js';
import { jensenShannon, reverseSoftTarget, sigmoidSoftTarget, softTarget } from './soft-target.js';

const v = () => tensor2d([[1, 2, 3], [0.5, -1, 2]]); // prettier-ignore
const z = () => tensor2d([[3, 1, 0.5], [1, -2, 2.5]]); // prettier-ignore
const unscaled = { temperature: 4, scaleByTemperatureSquared: false };

const table: readonly [name: string, term: Term, loss: (v: Tensor, z: Tensor) => Tensor][] = [
  ['softTarget', softTarget({ temperature: 4 }), (a, b) => softTargetLoss(a, b, { temperature: 4 })],
  ['softTarget without T²', softTarget(unscaled), (a, b) => softTargetLoss(a, b, unscaled)],
  [
    'reverseSoftTarget',
    reverseSoftTarget({ temperature: 4 }),
    (a, b) => reverseSoftTargetLoss(a, b, { temperature: 4 }),
  ],
  ['jensenShannon', jensenShannon({ temperature: 4 }), (a, b) => jensenShannonLoss(a, b, { temperature: 4 })],
  [
    'jensenShannon, β = 0.1',
    jensenShannon({ ...unscaled, beta: 0.1 }),
    (a, b) => jensenShannonLoss(a, b, { ...unscaled, beta: 0.1 }),
  ],
  [
    'skewSoftTarget',
    skewSoftTarget({ temperature: 4 }),
    (a, b) => skewSoftTargetLoss(a, b, { temperature: 4 }),
  ],
  [
    'skewReverseSoftTarget, α = 0.3',
    skewReverseSoftTarget({ ...unscaled, alpha: 0.3 }),
    (a, b) => skewReverseSoftTargetLoss(a, b, { ...unscaled, alpha: 0.3 }),
  ],
  ['logitMatching', logitMatching(), logitMatchingLoss],
  [
    'sigmoidSoftTarget',
    sigmoidSoftTarget({ temperature: 4 }),
    (a, b) => sigmoidSoftTargetLoss(a, b, { temperature: 4 }),
  ],
];

const at = (term: Term, teacher: Tensor, student: Tensor, epoch = 0): TermLoss =>
  lossOf(term, {
    student: { output: student },
    teacher: { output: term.name === 'logit matching' ? teacher : members([teacher]) },
    epoch,
  });

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(table)('%s', (_name, term, loss) => {
    it('is the loss of the logits', async () => {
      const { values, weights } = await numbersOf(at(term, v(), z()));
      expectClose(values, await loss(v(), z()).array(), { relative: 0, absolute: 0 });
      expect(weights).toBeUndefined();
      const gradient = grad((x: Tensor) => weightedSum(at(term, v(), x)))(z());
      const expected = await grad((x: Tensor) => sum(loss(v(), x)))(z()).array();
      expectClose(await gradient.data(), expected, { relative: 1e-7, absolute: 0 });
    });

    it('stays finite for classes that the teacher rules out', async () => {
      // Except for the terms that have no finite value there.
      if (term.name === 'reverse soft' || term.name === 'logit matching') return;
      const certain = tensor2d([[-1e30, 0, -1e30], [0, -1e30, -1e30]]); // prettier-ignore
      const { values } = await numbersOf(at(term, certain, z()));
      expect(values.every(Number.isFinite)).toBe(true);
      const gradient = grad((x: Tensor) => weightedSum(at(term, certain, x)))(z());
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
      scalars: { temperature: 4, factor: 16, slope: 4 },
    });
    expect(softTarget(unscaled).scalars).toEqual({ temperature: 4, factor: 1, slope: 0.25 });
    expect(table.map(([, { name }]) => name)).toEqual([
      'soft',
      'soft',
      'reverse soft',
      'Jensen-Shannon',
      'Jensen-Shannon',
      'skew soft',
      'skew reverse soft',
      'logit matching',
      'sigmoid soft',
    ]);
    const weight = () => 2;
    expect(softTarget({ temperature: 4, name: 'warm', weight })).toMatchObject({ name: 'warm', weight });
    expect(logitMatching({ name: 'match', weight: 0 })).toMatchObject({ name: 'match', weight: 0 });
  });

  it.each([1e20, 1e-30, 0])('refuses %d from a schedule of its temperature', async (temperature) => {
    const term = softTarget({ temperature: () => temperature });
    const loss = (): unknown => at(term, v(), z());
    await expectKdError(loss, 'KD_OPTION_RANGE', 'options.temperature', 'from 2^-63 to 2^63');
  });

  it('accepts a schedule of its temperature', async () => {
    const term = softTarget({ temperature: ({ epoch }) => 8 - 2 * epoch });
    for (const [epoch, temperature] of [
      [0, 8],
      [2, 4],
    ] as const) {
      const { values } = await numbersOf(at(term, v(), z(), epoch));
      expectClose(values, await softTargetLoss(v(), z(), { temperature }).array(), {
        relative: 1e-7,
        absolute: 0,
      });
    }
  });
});
