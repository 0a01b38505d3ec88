import { add, mean, mul, ones, square, sum, tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { defineTerm } from '@kd/core';
import type { Batch, Teacher, Term } from '@kd/core';
import { expectClose, expectKdError, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { gradients, read } from '../test/evaluate.js';
import { answerOf, answeringTeacher, descriptionOf } from '../test/teachers.js';
import { termOf } from '../test/terms.js';
import { buildObjective } from './build-objective.js';
import type { Objective } from './objective.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const tolerance = { relative: 1e-5, absolute: 1e-6 };
/** The identity on values with positions. */
const objectiveOf = (positions: readonly number[], ...terms: Term[]): Promise<Objective> => {
  const model = sequential({
    layers: [
      layers.dense({
        name: 'logits',
        units: 2,
        useBias: false,
        kernelInitializer: 'identity',
        inputShape: [...positions, 2],
      }),
    ],
  });
  const info = { shape: [null, ...positions, 2] };
  const outputs = { output: { ...info, convention: 'logits' } } as const;
  const teacher: Teacher = {
    ...answeringTeacher(descriptionOf(2)),
    describe: ({ taps }) => Promise.resolve(descriptionOf(2, { outputs, taps: taps.map(() => info) })),
  };
  return buildObjective(defineRecipe({ student: { model, convention: 'logits' }, teacher, terms }));
};
/** Squares of both logits and of all else that it reads, by position; only with targets if it reads them. */
const all = (targets: boolean, seen?: Tensor[]): Term =>
  defineTerm({
    name: 'all',
    reads: {
      student: { logits: { as: 'logits' }, tap: 'logits' },
      teacher: { logits: { as: 'logits' }, tap: 'tap' },
      inputs: { x: 'x' },
      ...(targets && { targets: { wanted: { as: 'values' } } }),
    },
    loss: ({ student, teacher, inputs, targets: given }) => {
      const wanted = Object.values<Tensor>({ ...given });
      const values = [student.logits, student.tap, teacher.logits, teacher.tap, inputs.x, ...wanted];
      seen?.push(...values);
      return { values: values.map((each) => sum(square(each), -1)).reduce((a, b) => add(a, b)) };
    },
  });

describe.each<[string, number[]]>([
  ['[B]', []],
  ['[B,L]', [2]],
  ['[B,H,W]', [2, 1]],
])('what does not count in %s', (_, positions) => {
  const shape = [2, ...positions, 2];
  const size = 4 * positions.reduce((a, b) => a * b, 1);
  const last = size - 2;
  /** Numbers 1, 2, ..., with the last example (or the last position of it) spoilt. */
  const spoilt = (by: number): Tensor =>
    tensor(
      Array.from({ length: size }, (_each, index) => (index < last ? index + 1 : by)),
      shape,
    );
  const marks = positions.length === 0 ? [1, 0] : [1, 1, 1, 0];
  const mask = tensor(marks, [2, ...positions]);
  const kept = Array.from({ length: size }, (_each, index) => (index < last ? index + 1 : 0));

  it('holds zeros in all that a term reads, and reaches neither loss nor gradient', async () => {
    const seen: Tensor[] = [];
    const objective = await objectiveOf(positions, all(true, seen));
    const of = (by: number) => {
      // Finite, but infinite once squared; the student's own input stays finite.
      const batch: Batch = {
        inputs: { x: spoilt(Number.isFinite(by) ? by : 3e38) },
        targets: { wanted: spoilt(by) },
        ...(positions.length === 0 ? { sampleWeight: mask } : { mask }),
      };
      return { batch, answer: answerOf(spoilt(by), [spoilt(by)]), training: true };
    };
    const clean = read(objective, of(5)).total;
    const squares = kept.reduce((total, each) => total + each ** 2, 0);
    // Six values of equal numbers.
    expectClose(clean, (6 * squares) / marks.reduce((a, b) => a + b), tolerance);
    seen.length = 0;
    const wanted = gradients(objective, of(5))['logits/kernel'] ?? [];
    for (const by of [NaN, Infinity]) {
      expect(read(objective, of(by)).total).toBe(clean);
      expectClose(gradients(objective, of(by))['logits/kernel'] ?? [], wanted, tolerance);
    }
  });
});

describe('sum w l / sum w', () => {
  const x = tensor(
    Array.from({ length: 12 }, (_each, index) => index),
    [2, 3, 2],
  );
  /** Sums by position: 1, 5, 9 and 13, 17, 21. */
  const sums = [1, 5, 9, 13, 17, 21];
  const weighted = (weights?: Tensor): Term =>
    defineTerm({
      name: 'a',
      reads: { student: { logits: { as: 'logits' } } },
      loss: ({ student }) => ({ values: sum(student.logits, -1), ...(weights && { weights }) }),
    });
  const ofExamples = (weights?: Tensor): Term =>
    defineTerm({
      name: 'a',
      reads: { student: { logits: { as: 'logits' } }, mask: true },
      loss: ({ student }) => ({ values: mean(sum(student.logits, -1), -1), ...(weights && { weights }) }),
    });
  const mask = tensor2d([1, 1, 0, 1, 0, 0], [2, 3]);
  const own = [1, 2, 3, 0, 5, 6];
  const sampleWeight = tensor1d([1, 3]);
  const meanOf = (values: readonly number[], weights: readonly number[]): [number, number] => {
    const total = weights.reduce((a, b) => a + b);
    return [values.reduce((a, value, index) => a + value * (weights[index] ?? 0), 0) / total, total];
  };

  it.each<[string, Term, Partial<Batch>, [number, number]]>([
    ['examples', ofExamples(), {}, meanOf([5, 17], [1, 1])],
    ['examples with own weights', ofExamples(tensor1d([1, 4])), {}, meanOf([5, 17], [1, 4])],
    ['examples with both', ofExamples(tensor1d([1, 4])), { sampleWeight }, meanOf([5, 17], [1, 12])],
    ['positions', weighted(), {}, meanOf(sums, [1, 1, 1, 1, 1, 1])],
    ['positions with sample weights', weighted(), { sampleWeight }, meanOf(sums, [1, 1, 1, 3, 3, 3])],
    ['masked positions', weighted(), { mask }, meanOf(sums, [1, 1, 0, 1, 0, 0])],
    ['masked, with sample weights', weighted(), { mask, sampleWeight }, meanOf(sums, [1, 1, 0, 3, 0, 0])],
    ['positions with own weights', weighted(tensor2d(own, [2, 3])), {}, meanOf(sums, own)],
    ['own weights times mask', weighted(tensor2d(own, [2, 3])), { mask }, meanOf(sums, [1, 2, 0, 0, 0, 0])],
  ])('of %s', async (_, term, others, [loss, normalizer]) => {
    const objective = await objectiveOf([3], term);
    const answer = answerOf(ones([2, 3, 2]));
    const found = read(objective, { batch: { inputs: { x }, ...others }, answer });
    expectClose([found.losses['a'] ?? NaN, found.normalizers['a'] ?? NaN], [loss, normalizer], tolerance);
  });

  it('of values that average masked positions away is refused, unless the term reads the mask', async () => {
    const blind = termOf('a', (logits) => mean(sum(logits, -1), -1));
    const request = { batch: { inputs: { x }, mask }, answer: answerOf(ones([2, 3, 2])) };
    await expectKdError(
      async () => read(await objectiveOf([3], blind), request),
      'KD_TERM_VALUES',
      'the term "a"',
      '[2,3]',
      '[2]',
      'mask: true',
    );
    // 1 + 5 and 13, with zeros in the masked positions.
    expectClose(read(await objectiveOf([3], ofExamples()), request).total, (6 / 3 + 13 / 3) / 2, tolerance);
  });

  it('is split exactly by shares, whatever the batches of a step', async () => {
    const objective = await objectiveOf([3], weighted());
    const answer = answerOf(ones([2, 3, 2]));
    const batches: Batch[] = [{ inputs: { x }, mask }, { inputs: { x: mul(x, 2) } }];
    const normalizers = batches.map((batch) => read(objective, { batch, answer }).normalizers['a'] ?? NaN);
    const of = normalizers.reduce((a, b) => a + b);
    const parts = batches.map((batch, index) => {
      const shares = { a: (normalizers[index] ?? NaN) / of };
      return read(objective, { batch, answer, shares }).total;
    });
    const doubled = sums.map((each) => 2 * each);
    const [whole] = meanOf([...sums, ...doubled], [1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1]);
    expectClose(
      parts.reduce((a, b) => a + b),
      whole,
      tolerance,
    );
  });
});
