import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Convention, Term } from '@kd/core';
import { backends, numbersOf, termBatch, useBackend, weightedSum } from '@kd/testing';
import { grad, tensor, tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { hardTarget, sigmoidHardTarget } from './hard-target.js';
import { logitMatching } from './logit-matching.js';
import { jensenShannon, reverseSoftTarget, sigmoidSoftTarget, softTarget } from './soft-target.js';

const mask = [[1, 0, 1], [0, 1, 0]]; // prettier-ignore
const clean = [[[0.25, 0.75], [0.5, 0.5], [1, 0]], [[0, 1], [0.5, 0.5], [0.125, 0.875]]]; // prettier-ignore
/** The same with NaN, or with nonsense, where the mask is 0. */
const broken = (by: number): number[][][] =>
  clean.map((row, b) => row.map((position, l) => (mask[b]?.[l] === 1 ? position : position.map(() => by))));
const options = { temperature: 2 };
const sigmoid: readonly Convention[] = ['sigmoid-logits', 'sigmoid-probabilities'];
const classes: readonly Convention[] = ['logits', 'probabilities'];
const cases: readonly (readonly [Term, readonly Convention[]])[] = [
  [softTarget(options), classes],
  [reverseSoftTarget(options), classes],
  [jensenShannon(options), classes],
  [logitMatching(), classes],
  [sigmoidSoftTarget(options), sigmoid],
];

describe.each(backends)('masked positions, on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)('do not count in %o, whatever teacher and student have there', async (term, conventions) => {
    for (const convention of conventions) {
      for (const by of [NaN, Infinity, -7]) {
        const at = (teacher: number[][][], student: Tensor) =>
          term.loss(termBatch({ student, convention: conventions[0] as Convention, teachers: [tensor3d(teacher)], teacherConvention: convention, batch: { mask: tensor2d(mask) } })); // prettier-ignore
        const logits = tensor([[[3, 1], [0.5, 0], [1, 2]], [[0, 0], [4, -4], [2, 1]]]); // prettier-ignore
        expect(await numbersOf(at(broken(by), logits))).toEqual(await numbersOf(at(clean, logits)));
        expect(await numbersOf(at(clean, tensor3d(broken(by))))).toEqual(await numbersOf(at(clean, tensor3d(clean)))); // prettier-ignore
        const gradientBy = (teacher: number[][][]) => grad((x: Tensor) => weightedSum(at(teacher, x)));
        const expected = await gradientBy(clean)(logits).array();
        expect(await gradientBy(broken(by))(logits).array()).toEqual(expected);
        const zero = (await gradientBy(broken(by))(tensor3d(broken(by))).array()) as number[][][];
        expect(zero.flat(2).every(Number.isFinite)).toBe(true);
        expect([zero[0]?.[1], zero[1]?.[0], zero[1]?.[2]]).toEqual([[0, 0], [0, 0], [0, 0]]); // prettier-ignore
      }
    }
  });

  it.each([
    [hardTarget(), 'logits', () => tensor2d([[0, 1, 1], [0, 1, 0]], [2, 3], 'int32')], // prettier-ignore
    [sigmoidHardTarget(), 'sigmoid-logits', () => tensor3d(clean)],
  ] as const)('do not count in %o, whatever the student has there', async (term, convention, labels) => {
    const targets = { labels: labels() };
    const at = (student: Tensor) =>
      term.loss(termBatch({ student, convention, batch: { targets, mask: tensor2d(mask) } }));
    expect(await numbersOf(at(tensor3d(broken(NaN))))).toEqual(await numbersOf(at(tensor3d(clean))));
    const gradient = await grad((x: Tensor) => weightedSum(at(x)))(tensor3d(broken(NaN))).data();
    expect(gradient.every(Number.isFinite)).toBe(true);
  });
});
