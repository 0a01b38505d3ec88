import { add, dispose, mul, sum, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { defineTerm, tensorsOfAnswer } from '@kd/core';
import type { Batch, Convention, Teacher, TeacherAnswer, Term } from '@kd/core';
import { geometricMean, logitMatching, softTarget } from '@kd/soft-target-loss';
import { expectClose, expectNoLeak, useBackend } from '@kd/testing';
import { softmax } from '@kd/testing/float64';
import { describe, expect, it } from 'vitest';
import { gradients, read } from '../test/evaluate.js';
import { softLoss } from '../test/float64.js';
import { identity } from '../test/models.js';
import { ensembleOf, modelTeacher } from '../test/teachers.js';
import { buildObjective } from './build-objective.js';
import type { Objective } from './objective.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const z = [0.5, -1, 2];
const batch: Batch = { inputs: { x: tensor2d([z]) } };
/** A model that gives the same logits for every input. */
const teacherOf = (logits: number[], activation: 'linear' | 'softmax' = 'linear') =>
  modelTeacher(
    sequential({
      layers: [
        layers.dense({
          name: 'logits',
          units: logits.length,
          activation,
          inputShape: [3],
          weights: [zeros([3, logits.length]), tensor1d(logits)],
        }),
      ],
    }),
    activation === 'softmax' ? 'probabilities' : 'logits',
  );
const one = teacherOf([10, 0, 0]);
const two = teacherOf([0, 6, 0]);
const objectiveOf = (teacher: Teacher, ...terms: Term[]): Promise<Objective> =>
  buildObjective(defineRecipe({ student: { model: identity(3), convention: 'logits' }, teacher, terms }));
const totalOf = async (teacher: Teacher, ...terms: Term[]): Promise<number> => {
  const objective = await objectiveOf(teacher, ...terms);
  return read(objective, { batch, answer: await objective.ask(batch) }).total;
};
const at = (list: readonly number[], index: number): number => list[index] ?? NaN;
const tolerance = { relative: 1e-5, absolute: 1e-6 };

describe('an ensemble of teachers', () => {
  it('is mixed at the temperature of the term: [.507, .381, .112] at T = 4', async () => {
    const mixed = [0, 1, 2].map(
      (index) => ((softmax([10, 0, 0], 4)[index] ?? NaN) + (softmax([0, 6, 0], 4)[index] ?? NaN)) / 2,
    );
    expectClose(mixed, [0.507, 0.381, 0.112], { relative: 0, absolute: 5e-4 });
    const teacher = ensembleOf({ one, two });
    expectClose(await totalOf(teacher, softTarget({ temperature: 4 })), softLoss(mixed, z, 4), tolerance);
    // The gradient with respect to z is T (q - p); with the identity as kernel it is x^T times that.
    const objective = await objectiveOf(teacher, softTarget({ temperature: 4 }));
    const found = gradients(objective, { batch, answer: await objective.ask(batch), training: true });
    const q = softmax(z, 4);
    const ofLogits = mixed.map((p, index) => 4 * ((q[index] ?? NaN) - p));
    expectClose(
      found['logits/kernel'] ?? [],
      z.flatMap((each) => ofLogits.map((gradient) => each * gradient)),
      tolerance,
    );
  });

  it('has its weights in every mixture', async () => {
    const teacher = ensembleOf({ one, two }, { one: 0.2, two: 0.8 });
    const at2 = [one, two].map((_, index) => softmax(index === 0 ? [10, 0, 0] : [0, 6, 0], 2));
    const arithmetic = [0, 1, 2].map(
      (index) => 0.2 * (at2[0]?.[index] ?? NaN) + 0.8 * (at2[1]?.[index] ?? NaN),
    );
    expectClose(
      await totalOf(teacher, softTarget({ temperature: 2 })),
      softLoss(arithmetic, z, 2),
      tolerance,
    );
    const meanOfLogits = [2, 4.8, 0];
    expectClose(
      await totalOf(teacher, softTarget({ temperature: 2, mix: geometricMean })),
      softLoss(softmax(meanOfLogits, 2), z, 2),
      tolerance,
    );
    const centred = (values: number[]): number[] =>
      values.map((value) => value - values.reduce((a, b) => a + b, 0) / values.length);
    const [ofStudent, ofTeacher] = [centred(z), centred(meanOfLogits)];
    const squares = ofStudent.reduce((sum, each, index) => sum + (each - (ofTeacher[index] ?? NaN)) ** 2, 0);
    expectClose(await totalOf(teacher, logitMatching()), squares / 6, tolerance);
  });

  it('equals its members if it has one, or if it is nested', async () => {
    const term = softTarget({ temperature: 4 });
    expectClose(await totalOf(ensembleOf({ one }), term), await totalOf(one, term), tolerance);
    const nested = ensembleOf({ left: ensembleOf({ one }), right: ensembleOf({ two }) });
    expectClose(await totalOf(nested, term), await totalOf(ensembleOf({ one, two }), term), tolerance);
  });

  it('of probabilities is mixed at T as well', async () => {
    const [p, q] = [teacherOf([2, 0, 0], 'softmax'), teacherOf([0, 1, 0], 'softmax')];
    const mixed = [0, 1, 2].map(
      (index) => ((softmax([2, 0, 0], 4)[index] ?? NaN) + (softmax([0, 1, 0], 4)[index] ?? NaN)) / 2,
    );
    expectClose(await totalOf(ensembleOf({ p, q }), softTarget({ temperature: 4 })), softLoss(mixed, z, 4), {
      relative: 1e-4,
      absolute: 1e-5,
    });
  });

  it('is tapped by member, and leaks no tensor', async () => {
    const watching = defineTerm({
      name: 'watching',
      reads: { teacher: { taps: ['two/logits', 'one/logits'], output: { as: 'logits' } } },
      loss: ({ teacher: { taps, output } }) => {
        // Each tap times a number of its own, so that the order shows.
        const [two, one] = taps as [Tensor, Tensor];
        return { values: sum(add(add(two, mul(one, 100)), mul(output, 0)), -1) };
      },
    });
    const objective = await objectiveOf(ensembleOf({ one, two }), watching);
    await expectNoLeak(async () => {
      const answer = await objective.ask(batch);
      expectClose(read(objective, { batch, answer }).total, 6 + 100 * 10, tolerance);
      dispose(tensorsOfAnswer(answer as TeacherAnswer));
    });
  });

  it.each<[string, Convention, number[]]>([
    ['logits', 'logits', [2, 4.8, 0]],
    [
      'probabilities',
      'probabilities',
      [0, 1, 2].map((index) => 0.2 * at(softmax([10, 0, 0]), index) + 0.8 * at(softmax([0, 6, 0]), index)),
    ],
  ])('is read as the weighted mean of the %s of its members', async (_, as, expected) => {
    const objective = await objectiveOf(
      ensembleOf({ one, two }, { one: 0.2, two: 0.8 }),
      defineTerm({
        name: 'mean',
        reads: { teacher: { output: { as } } },
        loss: ({ teacher: { output } }) => ({ values: sum(mul(output, [1, 10, 100]), -1) }),
      }),
    );
    const { total } = read(objective, { batch, answer: await objective.ask(batch) });
    expectClose(total, at(expected, 0) + 10 * at(expected, 1) + 100 * at(expected, 2), tolerance);
  });

  it('is read by members, each in the wanted convention with its weight', async () => {
    const seen: [number, number[]][] = [];
    const objective = await objectiveOf(
      ensembleOf({ one, two }, { one: 0.2, two: 0.8 }),
      defineTerm({
        name: 'members',
        reads: { teacher: { output: { as: 'probabilities', members: true } } },
        loss: ({ teacher }) => {
          for (const { output, weight } of teacher.output) seen.push([weight, Array.from(output.dataSync())]);
          return { values: zeros([1]) };
        },
      }),
    );
    read(objective, { batch, answer: await objective.ask(batch) });
    expect(seen.map(([weight]) => weight)).toEqual([0.2, 0.8]);
    expectClose(
      seen.flatMap(([, output]) => output),
      [...softmax([10, 0, 0]), ...softmax([0, 6, 0])],
      tolerance,
    );
  });
});
