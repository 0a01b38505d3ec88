import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Term, TermLoss } from '@kd/core';
import { backends, expectClose, lossOf, members, numbersOf, useBackend, weightedSum } from '@kd/testing';
import { grad, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import * as float64 from '../../test/float64.js';
import { goldenCases } from '../../test/golden.js';
import type { Numbers } from '../../test/golden.js';
import { arithmeticMean, geometricMean } from '../mix-targets.js';
import { sigmoidSoftTarget, softTarget } from './soft-target.js';

interface Params {
  readonly mode: 'arithmetic' | 'geometric';
  readonly T: number;
  readonly weights: number[];
}
interface Inputs {
  readonly student: Numbers;
  readonly teacher: Numbers[];
}
const means = { arithmetic: arithmeticMean, geometric: geometricMean };
const one = [2, -1, 0.5];
const other = [-3, 0, 1];
const student = [0, 3, 0.5];
const weights = [0.75, 0.25];
const sigmoidOf = (x: number): number => 1 / (1 + Math.exp(-x));
const logit = (p: number): number => Math.log(p / (1 - p));

/** The loss of a term whose teacher has several members. */
const mixed = (
  term: Term,
  teachers: readonly Tensor[],
  x: Tensor = tensor2d([student]),
  shares: readonly number[] = weights,
): TermLoss => lossOf(term, { student: { output: x }, teacher: { output: members(teachers, shares) } });

describe.each(backends)('a term with several teachers on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(goldenCases<Params, Inputs>('ensemble'))('agrees with PyTorch: $name', async (golden) => {
    const { mode, T, weights: shares } = golden.params;
    const { student: logits, teacher } = golden.inputs;
    const term = softTarget({ temperature: T, mix: means[mode] });
    const lossAt = (x: Tensor): TermLoss =>
      mixed(term, teacher.map((each) => tensor2d(each)), x, shares); // prettier-ignore
    const rows = logits.length;
    const { values } = await numbersOf(lossAt(tensor2d(logits)));
    expectClose(values.reduce((a, b) => a + b) / rows, golden.expected.loss, {
      relative: 2e-6,
      absolute: 0,
    });
    const gradient = grad((x: Tensor) => weightedSum(lossAt(x)))(tensor2d(logits));
    expectClose(
      Array.from(await gradient.data(), (x) => x / rows),
      golden.expected.gradStudent,
      { relative: 1e-5, absolute: 1e-7 * T },
    );
  });

  it('takes the mean of probabilities by default', async () => {
    const [p, q] = [float64.softmax(one, 4), float64.softmax(other, 4)];
    const mean = p.map((each, index) => 0.75 * each + 0.25 * (q[index] ?? NaN));
    const expected = 16 * float64.divergence(mean.map(Math.log), float64.logSoftmax(student, 4));
    const { values } = await numbersOf(mixed(softTarget({ temperature: 4 }), [tensor2d([one]), tensor2d([other])])); // prettier-ignore
    expectClose(values, expected, { relative: 1e-5, absolute: 0 });
  });

  it('of independent labels mixes the probability of each', async () => {
    const T = 2;
    const probabilities = {
      arithmetic: one.map(
        (x, index) => 0.75 * sigmoidOf(x / T) + 0.25 * sigmoidOf((other[index] ?? NaN) / T),
      ),
      geometric: one.map((x, index) => sigmoidOf((0.75 * x + 0.25 * (other[index] ?? NaN)) / T)),
    };
    for (const mode of ['arithmetic', 'geometric'] as const) {
      const logits = probabilities[mode].map((p) => T * logit(p));
      const term = sigmoidSoftTarget({ temperature: T, mix: means[mode] });
      const { values } = await numbersOf(mixed(term, [tensor2d([one]), tensor2d([other])]));
      expectClose(values, float64.sigmoid(logits, student, T), { relative: 1e-5, absolute: 0 });
    }
  });
});
