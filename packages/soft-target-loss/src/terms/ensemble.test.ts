import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, numbersOf, termBatch, useBackend, weightedSum } from '@kd/testing';
import { grad, sigmoid, softmax, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import * as float64 from '../../test/float64.js';
import { goldenCases } from '../../test/golden.js';
import type { Numbers } from '../../test/golden.js';
import { arithmeticMean, geometricMean } from '../mix-targets.js';
import { logitMatching } from './logit-matching.js';
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

describe.each(backends)('a term with several teachers on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(goldenCases<Params, Inputs>('ensemble'))('agrees with PyTorch: $name', async (golden) => {
    const { mode, T, weights: shares } = golden.params;
    const { student: logits, teacher } = golden.inputs;
    const term = softTarget({ temperature: T, mix: means[mode] });
    const partsAt = (x: Tensor) => ({
      student: x,
      teachers: teacher.map((each) => tensor2d(each)),
      weights: shares,
    });
    const rows = logits.length;
    const { values } = await numbersOf(term.loss(termBatch(partsAt(tensor2d(logits)))));
    expectClose(values.reduce((a, b) => a + b) / rows, golden.expected.loss, {
      relative: 2e-6,
      absolute: 0,
    });
    const gradient = grad((x: Tensor) => weightedSum(term.loss(termBatch(partsAt(x)))))(tensor2d(logits));
    expectClose(
      Array.from(await gradient.data(), (x) => x / rows),
      golden.expected.gradStudent,
      { relative: 1e-5, absolute: 1e-7 * T },
    );
  });

  it('takes the mean of probabilities by default, also for teachers that output probabilities', async () => {
    const [p, q] = [float64.softmax(one, 4), float64.softmax(other, 4)];
    const mean = p.map((each, index) => 0.75 * each + 0.25 * (q[index] ?? NaN));
    const expected = 16 * float64.divergence(mean.map(Math.log), float64.logSoftmax(student, 4));
    for (const convention of ['logits', 'probabilities'] as const) {
      const teachers = [one, other].map((row) => {
        const logits = tensor2d([row]);
        return convention === 'logits' ? logits : softmax(logits);
      });
      const { values } = await numbersOf(
        softTarget({ temperature: 4 }).loss(
          termBatch({ student: tensor2d([student]), teachers, weights, teacherConvention: convention }),
        ),
      );
      expectClose(values, expected, { relative: 1e-5, absolute: 0 });
    }
  });

  it('of independent labels mixes the probability of each', async () => {
    const T = 2;
    const mixed = {
      arithmetic: one.map(
        (x, index) => 0.75 * sigmoidOf(x / T) + 0.25 * sigmoidOf((other[index] ?? NaN) / T),
      ),
      geometric: one.map((x, index) => sigmoidOf((0.75 * x + 0.25 * (other[index] ?? NaN)) / T)),
    };
    for (const mode of ['arithmetic', 'geometric'] as const) {
      const expected = float64.sigmoid(
        mixed[mode].map((p) => T * logit(p)),
        student,
        T,
      );
      for (const teacherConvention of ['sigmoid-logits', 'sigmoid-probabilities'] as const) {
        const teachers = [one, other].map((row) => {
          const logits = tensor2d([row]);
          return teacherConvention === 'sigmoid-logits' ? logits : sigmoid(logits);
        });
        const term = sigmoidSoftTarget({ temperature: T, mix: means[mode] });
        const { values } = await numbersOf(
          term.loss(
            termBatch({
              student: tensor2d([student]),
              convention: 'sigmoid-logits',
              teachers,
              weights,
              teacherConvention,
            }),
          ),
        );
        expectClose(values, expected, { relative: 1e-5, absolute: 0 });
      }
    }
  });

  it('of logit matching takes the mean of logits', async () => {
    const { values } = await numbersOf(
      logitMatching().loss(
        termBatch({
          student: tensor2d([student]),
          teachers: [tensor2d([one]), tensor2d([other])],
          weights,
        }),
      ),
    );
    const mean = one.map((x, index) => 0.75 * x + 0.25 * (other[index] ?? NaN));
    expectClose(values, float64.logitMatching(mean, student), { relative: 1e-6, absolute: 0 });
  });
});
