import { matMul, square, sub, sum, tensor1d, tensor2d, tensor3d, variable } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { defineModule, defineTerm } from '@kd/core';
import type { Batch, Teacher, TeacherAnswer, Term } from '@kd/core';
import { hardTarget, hardTargetFromDistributions, sigmoidHardTarget, softTarget } from '@kd/soft-target-loss';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { softmax } from '@kd/testing/float64';
import { describe, expect, it } from 'vitest';
import { gradients, read } from '../test/evaluate.js';
import { hardLoss, softLoss } from '../test/float64.js';
import { identity } from '../test/models.js';
import { answerOf, answeringTeacher, descriptionOf } from '../test/teachers.js';
import { termOf } from '../test/terms.js';
import { buildObjective } from './build-objective.js';
import type { Objective } from './objective.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const z = [
  [3, 1, 0.5],
  [-1, 0, 2],
  [0, 1, -1],
];
const v = [
  [1, 2, 3],
  [2, -2, 0],
  [0.5, 0, 4],
];
const ids = [2, 0, 1];
const temperature = 4;
const at = <T>(list: readonly T[], index: number): T => list[index] as T;
const soft = z.map((row, index) => softLoss(softmax(at(v, index), temperature), row, temperature));
const hard = z.map((row, index) => hardLoss(at(ids, index), row));
const tolerance = { relative: 1e-5, absolute: 1e-6 };

const teacher: Teacher = {
  ...answeringTeacher(descriptionOf(3)),
  describe: ({ taps }) => Promise.resolve(descriptionOf(3, { taps: taps.map(() => ({ shape: [null, 3] })) })),
};
const answer = (logits: number[][], taps: number[][][] = []): TeacherAnswer =>
  answerOf(
    tensor2d(logits),
    taps.map((tap) => tensor2d(tap)),
  );
const objectiveOf = (terms: Term[], model = identity(3)): Promise<Objective> =>
  buildObjective(defineRecipe({ student: { model, convention: 'logits' }, teacher, terms }));
const both = [softTarget({ temperature }), hardTarget()];
const batchOf = (which: readonly number[], others: Partial<Batch> = {}): Batch => ({
  inputs: { x: tensor2d(which.map((row) => at(z, row))) },
  targets: {
    labels: tensor1d(
      which.map((row) => at(ids, row)),
      'int32',
    ),
  },
  ...others,
});
const all = [0, 1, 2];
const kernelOf = (named: Record<string, number[]>): number[] => named['logits/kernel'] ?? [];

describe('sample weights', () => {
  const weights = [1, 0.5, 2];
  const weighted = (losses: number[]): number =>
    losses.reduce((sumSoFar, loss, index) => sumSoFar + at(weights, index) * loss, 0) / 3.5;

  it('weight the losses of every term: sum w l / sum w', async () => {
    const batch = batchOf(all, { sampleWeight: tensor1d(weights) });
    const { losses } = read(await objectiveOf(both), { batch, answer: answer(v) });
    expectClose([losses['soft'] ?? NaN, losses['hard'] ?? NaN], [weighted(soft), weighted(hard)], tolerance);
  });

  it('change nothing if they are one, and leave a row out if zero, in value and gradient', async () => {
    const objective = await objectiveOf(both);
    const answered = answer(v);
    const plain = { batch: batchOf(all), answer: answered };
    const ones = { batch: batchOf(all, { sampleWeight: tensor1d([1, 1, 1]) }), answer: answered };
    expectClose(read(objective, ones).total, read(objective, plain).total, tolerance);
    const without = { batch: batchOf([0, 2]), answer: answer([at(v, 0), at(v, 2)]) };
    const zero = { batch: batchOf(all, { sampleWeight: tensor1d([3, 0, 3]) }), answer: answered };
    expectClose(read(objective, zero).total, read(objective, without).total, tolerance);
    expectClose(kernelOf(gradients(objective, zero)), kernelOf(gradients(objective, without)), tolerance);
  });

  it('multiply the weights of a term', async () => {
    const values = defineTerm({
      name: 'values',
      reads: { student: { logits: { as: 'logits' } } },
      loss: ({ student }) => ({ values: sum(student.logits, -1), weights: tensor1d([0, 4, 1]) }),
    });
    const batch = batchOf(all, { sampleWeight: tensor1d(weights) });
    // Rows sum to 4.5, 1 and 0.
    expectClose(
      read(await objectiveOf([values]), { batch, answer: answer(v) }).total,
      (2 * 1 + 2 * 0) / 4,
      tolerance,
    );
  });

  it('give zero and no gradient if all are zero, as may happen in a stream', async () => {
    const batch = batchOf(all, { sampleWeight: tensor1d([0, 0, 0]) });
    const objective = await objectiveOf(both);
    expect(read(objective, { batch, answer: answer(v) }).total).toBe(0);
    expect(kernelOf(gradients(objective, { batch, answer: answer(v) })).every((each) => each === 0)).toBe(
      true,
    );
  });
});

describe('a row without sample weight', () => {
  /** Distance of a trained projection of the teacher's tap and of a target from the student's output. */
  const projection = defineTerm({
    name: 'projection',
    reads: {
      student: { logits: { as: 'logits' } },
      teacher: { tap: 'tap' },
      targets: { wanted: { as: 'values' } },
    },
    modules: {
      projection: defineModule({
        name: 'projection',
        reads: {},
        build: () => ({ kernel: variable(tensor2d([1, 2, 0, 0, 1, 0, 0, 0, 1], [3, 3])) }),
      }),
    },
    loss: ({ student, teacher: of, targets, modules }) => {
      const projected: Tensor = matMul(of.tap, modules.projection.kernel as Tensor);
      return { values: sum(square(sub(sub(projected, targets.wanted), student.logits)), -1) };
    },
  });

  it.each([NaN, Infinity])('may hold %d in targets and in answers and taps of the teacher', async (odd) => {
    const objective = await objectiveOf([
      ...both,
      hardTargetFromDistributions({ name: 'dense', target: 'dense' }),
      projection,
    ]);
    const distributions = [
      [0.25, 0.75, 0],
      [odd, odd, odd],
      [0, 1, 0],
    ];
    const request = (which: number[], others: Partial<Batch> = {}, spoilt = false) => {
      const of = (values: number[][]) =>
        which.map((row) => (spoilt && row === 1 ? [odd, odd, odd] : at(values, row)));
      const batch = batchOf(which, others);
      const labels = which.map((row) => (spoilt && row === 1 ? odd : at(ids, row)));
      const targets = {
        labels: tensor1d(labels),
        dense: tensor2d(which.map((row) => at(distributions, row))),
        wanted: tensor2d(of(z)),
      };
      return { batch: { ...batch, targets }, answer: answer(of(v), [of(v)]), training: true };
    };
    const spoilt = request(all, { sampleWeight: tensor1d([2, 0, 2]) }, true);
    const clean = request([0, 2]);
    expectClose(read(objective, spoilt).total, read(objective, clean).total, tolerance);
    const [one, other] = [gradients(objective, spoilt), gradients(objective, clean)];
    expect(Object.keys(one)).toEqual(['logits/kernel', 'projection/kernel']);
    for (const name of Object.keys(one)) {
      expectClose(one[name] ?? [], other[name], { relative: 1e-5, absolute: 1e-5 });
    }
    objective.dispose();
  });

  it('passes on its NaN if it has a weight', async () => {
    const objective = await objectiveOf(both);
    const answered = answer([at(v, 0), [NaN, NaN, NaN], at(v, 2)]);
    const batch = batchOf(all, { sampleWeight: tensor1d([1, 1e-3, 1]) });
    expect(read(objective, { batch, answer: answered }).total).toBeNaN();
  });

  it("does not change the caller's tensors", async () => {
    const answered = answer(v);
    const batch = batchOf(all, { sampleWeight: tensor1d([1, 0, 1]) });
    const objective = await objectiveOf(both);
    await expectNoLeak(() => {
      read(objective, { batch, answer: answered });
    });
    expect(Array.from(answered.members[0]?.outputs['output']?.dataSync() ?? [])).toEqual(v.flat());
  });
});

describe('a batch with labels in some rows', () => {
  it('has the loss of these rows alone, in value and gradient', async () => {
    const partly = await objectiveOf([hardTarget()]);
    const batch = batchOf(all, {
      targets: { labels: tensor1d([2, 99, 1], 'int32') },
      labelled: tensor1d([1, 0, 1]),
    });
    const request = { batch, answer: answer(v), training: true };
    const alone = { ...request, batch: batchOf([0, 2]) };
    expectClose(read(partly, request).total, (at(hard, 0) + at(hard, 2)) / 2, tolerance);
    expectClose(kernelOf(gradients(partly, request)), kernelOf(gradients(partly, alone)), tolerance);
  });

  it('has the soft loss of all rows', async () => {
    const batch = batchOf(all, { labelled: tensor1d([0, 0, 1]) });
    const { losses } = read(await objectiveOf(both), { batch, answer: answer(v) });
    expectClose(losses['soft'] ?? NaN, (at(soft, 0) + at(soft, 1) + at(soft, 2)) / 3, tolerance);
    expectClose(losses['hard'] ?? NaN, at(hard, 2), tolerance);
  });

  it('reports the denominator of each loss', async () => {
    const normalizersOf = async (others: Partial<Batch>): Promise<Record<string, number>> =>
      read(await objectiveOf(both), { batch: batchOf(all, others), answer: answer(v) }).normalizers;
    const labelled = tensor1d([1, 0, 1]);
    expect(await normalizersOf({})).toEqual({ soft: 3, hard: 3 });
    expect(await normalizersOf({ labelled })).toEqual({ soft: 3, hard: 2 });
    expect(await normalizersOf({ labelled, sampleWeight: tensor1d([3, 5, 1]) })).toEqual({
      soft: 9,
      hard: 4,
    });
    expect(await normalizersOf({ labelled: tensor1d([0, 0, 0]) })).toEqual({ soft: 3, hard: 0 });
  });

  it('weights the labelled rows by their sample weights', async () => {
    const batch = batchOf(all, { labelled: tensor1d([1, 0, 1]), sampleWeight: tensor1d([3, 5, 1]) });
    const { losses } = read(await objectiveOf(both), { batch, answer: answer(v) });
    expectClose(losses['hard'] ?? NaN, (3 * at(hard, 0) + at(hard, 2)) / 4, tolerance);
  });

  it.each([
    ['class ids', hardTarget(), tensor1d([NaN, NaN, NaN])],
    ['distributions', hardTargetFromDistributions(), tensor2d(z.map(() => [NaN, NaN, NaN]))],
  ])('has a loss of zero and a finite gradient if no row is labelled: %s', async (_, term, labels) => {
    const objective = await objectiveOf([softTarget({ temperature }), term]);
    const batch = batchOf(all, { targets: { labels }, labelled: tensor1d([0, 0, 0]) });
    const request = { batch, answer: answer(v), training: true };
    const { total, losses } = read(objective, request);
    expect(losses['hard']).toBe(0);
    const expected = await objectiveOf([softTarget({ temperature })]);
    expectClose(total, read(expected, request).total, tolerance);
    expectClose(kernelOf(gradients(objective, request)), kernelOf(gradients(expected, request)), tolerance);
  });

  it('has the loss of these rows alone for independent labels', async () => {
    const objective = await buildObjective(
      defineRecipe({
        student: { model: identity(3), convention: 'sigmoid-logits' },
        terms: [sigmoidHardTarget()],
      }),
    );
    const labels = [
      [1, 0, 0.5],
      [NaN, NaN, NaN],
      [0, 1, 1],
    ];
    const of = (which: number[], others: Partial<Batch> = {}) => ({
      batch: batchOf(which, {
        targets: { labels: tensor2d(which.map((row) => at(labels, row))) },
        ...others,
      }),
    });
    const partly = of(all, { labelled: tensor1d([1, 0, 1]) });
    expectClose(read(objective, partly).total, read(objective, of([0, 2])).total, tolerance);
    expectClose(
      kernelOf(gradients(objective, partly)),
      kernelOf(gradients(objective, of([0, 2]))),
      tolerance,
    );
  });
});

describe('sequences', () => {
  it('are averaged over the positions that the mask keeps', async () => {
    const model = sequential({
      layers: [
        layers.dense({
          name: 'logits',
          units: 3,
          useBias: false,
          kernelInitializer: 'identity',
          inputShape: [2, 3],
        }),
      ],
    });
    const objective = await buildObjective(
      defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] }),
    );
    const batch: Batch = {
      inputs: { x: tensor3d([at(z, 0), at(z, 1), at(z, 2), at(z, 0)].flat(), [2, 2, 3]) },
      targets: { labels: tensor2d([2, 0, 1, 77], [2, 2], 'int32') },
      mask: tensor2d([1, 1, 1, 0], [2, 2]),
    };
    await objective.checkTargets(batch);
    const expected = (at(hard, 0) + at(hard, 1) + at(hard, 2)) / 3;
    expectClose(read(objective, { batch }).total, expected, tolerance);
    // The second example has one of three positions.
    const weighted = { ...batch, sampleWeight: tensor1d([1, 3]) };
    expectClose(
      read(objective, { batch: weighted }).total,
      (at(hard, 0) + at(hard, 1) + 3 * at(hard, 2)) / 5,
      tolerance,
    );
  });
});

describe('a term that relates the whole batch', () => {
  const relation = termOf('relation', (logits) => sum(logits), { reduces: 'batch' });

  it('refuses sample weights, which it would ignore', async () => {
    const objective = await objectiveOf([relation]);
    const batch = batchOf(all, { sampleWeight: tensor1d([1, 2, 3]) });
    const facts = ['the term "relation"', 'batch.sampleWeight', '[3]'];
    await expectKdError(() => objective.checkTargets(batch), 'KD_TERM_NEEDS', ...facts);
    const answered = answer(v);
    await expectNoLeak(async () => {
      await expectKdError(() => read(objective, { batch, answer: answered }), 'KD_TERM_NEEDS', ...facts);
    });
  });
});
