import { add, mean, mul, ones, square, sum, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { defineModule, defineTerm } from '@kd/core';
import type { Convention, OutputConventions, Reads, Teacher, Term } from '@kd/core';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { expectClose, expectKdError, useBackend } from '@kd/testing';
import { softmax } from '@kd/testing/float64';
import { describe, expect, it, vi } from 'vitest';
import { gradients, read } from '../test/evaluate.js';
import { hardLoss, sigmoid, softLoss } from '../test/float64.js';
import { identity } from '../test/models.js';
import { answerOf, answeringTeacher, descriptionOf, modelTeacher } from '../test/teachers.js';
import { squares } from '../test/terms.js';
import { buildObjective } from './build-objective.js';
import type { Objective } from './objective.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const tolerance = { relative: 1e-5, absolute: 1e-6 };
const z = [3, 1, 0.5];
const v = [1, 2, 4];
const batch = { inputs: { x: tensor2d([z]) } };

/** Hidden units, then two heads: boxes [B, 2] and classes [B, 3]. */
function detector(): LayersModel {
  const inputs = input({ shape: [3] });
  const dense = (name: string, units: number) =>
    layers.dense({ name, units, useBias: false, kernelInitializer: 'ones' });
  const hidden = dense('hidden', 3).apply(inputs);
  const outputs = [dense('reg', 2), dense('classes', 3)].map((head) => head.apply(hidden) as SymbolicTensor);
  return functional({ inputs, outputs });
}
const heads: OutputConventions = { boxes: { convention: 'values', from: 'reg' }, classes: 'logits' };
const callsOf = (model: LayersModel) => {
  const spies = ['hidden', 'reg', 'classes'].map((name) => vi.spyOn(model.getLayer(name), 'call'));
  return () => spies.map(({ mock }) => mock.calls.length);
};
/** A term that weighs what it reads with its place: 1, 10, 100, ... */
const digits = (reads: Reads, name = 'a'): Term => ({
  ...squares(name),
  reads,
  loss: ({ student, teacher }) => {
    const values = [student, teacher].flatMap((side) => Object.values(side).flat()) as Tensor[];
    return {
      values: values
        .map((value, index) => mul(sum(value, -1), 10 ** index))
        .reduce((a, b) => add(a, b), tensor1d([0])),
    };
  },
});
const objectiveOf = (
  terms: readonly Term[],
  teacher?: Teacher,
  model = detector(),
  convention: OutputConventions = heads,
): Promise<Objective> =>
  buildObjective(defineRecipe({ student: { model, convention }, terms, ...(teacher && { teacher }) }));

describe('what nobody reads is not computed', () => {
  it.each<[string, Reads, number[], number]>([
    ['no student', { teacher: { x: 'hidden' } }, [0, 0, 0], 13.5],
    ['a tap of the student', { student: { x: 'hidden' } }, [1, 0, 0], 13.5],
    ['an output of the student', { student: { x: { as: 'values', output: 'boxes' } } }, [1, 1, 1], 27],
  ])('of a student: a recipe that reads %s', async (_, reads, calls, total) => {
    const model = detector();
    const objective = await objectiveOf([digits(reads)], modelTeacher(detector(), heads), model);
    const counts = callsOf(model);
    const answer = await objective.ask(batch);
    expectClose(read(objective, { batch, answer, training: true }).total, total, tolerance);
    expect(counts()).toEqual(calls);
  });

  it.each<[string, Reads, string[], unknown[], number[]]>([
    ['a tap', { teacher: { x: 'hidden' } }, [], ['hidden'], [1, 0, 0]],
    ['an output', { teacher: { x: { as: 'logits', output: 'classes' } } }, ['classes'], [], [1, 1, 1]],
    ['nothing', { student: { x: 'hidden' } }, [], [], [0, 0, 0]],
  ])('of a teacher: a recipe that reads %s', async (_, reads, outputs, taps, calls) => {
    const model = detector();
    const teacher = modelTeacher(model, heads);
    const predict = vi.spyOn(teacher, 'predict');
    // A module of the shapes of all that there is, of which no value is needed.
    const build = vi.fn(() => ({}));
    const module = defineModule({
      name: 'm',
      reads: {
        student: { taps: ['hidden', 'reg'] },
        teacher: { tap: 'reg', boxes: { as: 'values', output: 'boxes' } },
      },
      build,
    });
    const objective = await objectiveOf([{ ...digits(reads), modules: { module } }], teacher);
    expect(build.mock.calls).toMatchObject([
      [
        {
          student: { taps: [{ shape: [null, 3] }, { shape: [null, 2] }] },
          teacher: { tap: { shape: [null, 2] }, boxes: { shape: [null, 2], convention: 'values' } },
        },
      ],
    ]);
    const counts = callsOf(model);
    const answer = await objective.ask(batch);
    expect(counts()).toEqual(calls);
    const asked = outputs.length + taps.length > 0 ? [[batch, { outputs, taps }]] : [];
    expect(predict.mock.calls).toEqual(asked);
    expect(answer?.taps).toHaveLength(taps.length);
    read(objective, { batch, answer });
  });

  it('asks a teacher once for what several terms read, and gives each its own', async () => {
    const teacher = modelTeacher(detector(), heads);
    const predict = vi.spyOn(teacher, 'predict');
    const objective = await objectiveOf(
      [
        digits({ teacher: { taps: ['reg', 'hidden'], boxes: { as: 'values', output: 'boxes' } } }),
        digits(
          { student: { classes: { as: 'logits', output: 'classes' } }, teacher: { tap: 'hidden' } },
          'b',
        ),
      ],
      teacher,
    );
    const answer = await objective.ask(batch);
    expect(predict.mock.calls).toEqual([[batch, { outputs: ['boxes'], taps: ['reg', 'hidden'] }]]);
    const { losses } = read(objective, { batch, answer });
    // Hidden units are 4.5, boxes and classes 13.5 each.
    expectClose(Object.values(losses), [27 + 10 * 13.5 + 100 * 27, 40.5 + 10 * 13.5], tolerance);
  });
});

describe('several outputs by name', () => {
  it('serve terms each their own, on both sides', async () => {
    const objective = await objectiveOf(
      [
        softTarget({ temperature: 2, output: 'classes' }),
        hardTarget({ output: 'classes' }),
        defineTerm({
          name: 'boxes',
          reads: {
            student: { boxes: { as: 'values', output: 'boxes' } },
            targets: { boxes: { as: 'values' } },
          },
          loss: ({ student, targets }) => ({ values: mean(square(add(student.boxes, targets.boxes)), -1) }),
        }),
      ],
      answeringTeacher(
        descriptionOf(3, {
          outputs: {
            classes: { convention: 'logits', shape: [null, 3] },
            boxes: { convention: 'values', shape: [null, 2] },
          },
        }),
        answerOf([{ outputs: { classes: tensor2d([v]) }, weight: 1 }]),
      ),
    );
    const targets = { classes: tensor1d([2], 'int32'), boxes: tensor2d([[-13, -12]]) };
    const given = { ...batch, targets };
    await objective.checkTargets(given);
    const { losses } = read(objective, { batch: given, answer: await objective.ask(given) });
    const logits = [13.5, 13.5, 13.5];
    expectClose(
      [losses['soft'] ?? NaN, losses['hard'] ?? NaN, losses['boxes'] ?? NaN],
      [softLoss(softmax(v, 2), logits, 2), hardLoss(2, logits), (0.25 + 2.25) / 2],
      tolerance,
    );
  });

  it.each<[string, Reads, ...string[]]>([
    ['left out', { student: { x: { as: 'logits' } } }, 'student', 'one of boxes, classes', 'no name'],
    [
      'left out of a teacher',
      { teacher: { x: { as: 'logits' } } },
      'teacher',
      'one of boxes, classes',
      'no name',
    ],
    ['misspelt', { student: { x: { as: 'logits', output: 'clases' } } }, 'student', '"clases"'],
    ["the layer's", { student: { x: { as: 'values', output: 'reg' } } }, 'one of boxes, classes', '"reg"'],
  ])('are unknown if the name is %s', async (_, reads, ...facts) => {
    await expectKdError(
      () => objectiveOf([digits(reads)], modelTeacher(detector(), heads)),
      'KD_OUTPUT_UNKNOWN',
      'the term "a"',
      ...facts,
    );
  });
});

describe('an output as a term wants it', () => {
  /** The softmax or sigmoid of an identity is what a student and a teacher of that convention put out. */
  const asConvention: Readonly<Record<Convention, (logits: readonly number[]) => number[]>> = {
    logits: (logits) => [...logits],
    probabilities: (logits) => softmax(logits),
    'sigmoid-logits': (logits) => [...logits],
    'sigmoid-probabilities': (logits) => logits.map(sigmoid),
    values: (logits) => [...logits],
  };
  const student = (convention: Convention): LayersModel =>
    identity(3, {
      activation:
        convention === 'probabilities' ? 'softmax' : convention.includes('prob') ? 'sigmoid' : 'linear',
    });
  const teacherOf = (convention: Convention): Teacher =>
    answeringTeacher(
      descriptionOf(3, { outputs: { output: { convention, shape: [null, 3] } } }),
      answerOf(tensor2d([asConvention[convention](v)])),
    );
  const weighing = (as: Convention, side: 'student' | 'teacher'): Term => ({
    ...squares('a'),
    reads: { [side]: { x: { as } } },
    loss: (given) => ({ values: sum(mul(given[side]['x'] as Tensor, [1, 10, 100]), -1) }),
  });
  const weighed = (of: readonly number[]): number =>
    (of[0] ?? NaN) + 10 * (of[1] ?? NaN) + 100 * (of[2] ?? NaN);
  /** Logits of probabilities of classes are known but for a constant. */
  const logProbabilities = (logits: readonly number[]): number[] => softmax(logits).map(Math.log);

  it.each<[Convention, Convention, (logits: readonly number[]) => number[]]>([
    ['logits', 'logits', asConvention.logits],
    ['logits', 'probabilities', softmax],
    ['probabilities', 'logits', logProbabilities],
    ['probabilities', 'probabilities', softmax],
    ['sigmoid-logits', 'sigmoid-probabilities', asConvention['sigmoid-probabilities']],
    ['sigmoid-probabilities', 'sigmoid-logits', asConvention.logits],
    ['sigmoid-probabilities', 'sigmoid-probabilities', asConvention['sigmoid-probabilities']],
    ['values', 'values', asConvention.logits],
  ])('from %s to %s, on both sides', async (is, as, expected) => {
    const other = teacherOf(is);
    const ofStudent = await objectiveOf([weighing(as, 'student')], other, student(is), is);
    expectClose(read(ofStudent, { batch, answer: await ofStudent.ask(batch) }).total, weighed(expected(z)), {
      relative: 1e-4,
      absolute: 1e-4,
    });
    const ofTeacher = await objectiveOf([weighing(as, 'teacher')], other, student(is), is);
    const answer = await ofTeacher.ask(batch);
    expectClose(read(ofTeacher, { batch, answer }).total, weighed(expected(v)), {
      relative: 1e-4,
      absolute: 1e-4,
    });
  });

  it.each<[Convention, Convention, string, string]>([
    ['logits', 'sigmoid-logits', 'independent labels', 'classes'],
    ['probabilities', 'values', 'values', 'classes'],
    ['sigmoid-probabilities', 'probabilities', 'classes', 'independent labels'],
    ['sigmoid-logits', 'values', 'values', 'independent labels'],
    ['values', 'logits', 'classes', 'values'],
  ])('from %s to %s is refused on both sides', async (is, as, wanted, family) => {
    for (const side of ['student', 'teacher'] as const) {
      await expectKdError(
        () => objectiveOf([weighing(as, side)], teacherOf(is), student(is), is),
        'KD_TEACHER_CONVENTION',
        'the term "a"',
        `the output "output" of the ${side}`,
        `of ${wanted}`,
        `"${is}", which is of ${family}`,
      );
    }
  });

  it('has a gradient, with a finite one where a probability is 0', async () => {
    const inputs = { x: tensor2d([[200, 0, 0]]) };
    const objective = await objectiveOf(
      [weighing('logits', 'student')],
      undefined,
      student('probabilities'),
      'probabilities',
    );
    const found = gradients(objective, { batch: { inputs }, training: true })['logits/kernel'] ?? [];
    expect(found).toHaveLength(9);
    expect(found.every(Number.isFinite)).toBe(true);
    // d/dz_j of sum_i c_i (z_i - logsumexp z) is c_j - p_j * 111.
    const plain = gradients(objective, { batch, training: true })['logits/kernel'] ?? [];
    const ofLogits = softmax(z).map((p, index) => 10 ** index - 111 * p);
    expectClose(
      plain,
      z.flatMap((each) => ofLogits.map((gradient) => each * gradient)),
      {
        relative: 1e-4,
        absolute: 1e-4,
      },
    );
  });

  it.each<[Convention, Convention]>([
    ['logits', 'probabilities'],
    ['sigmoid-logits', 'sigmoid-probabilities'],
  ])('is refused if the numbers of %s differ', async (is, as) => {
    const reads = { student: { x: { as } }, teacher: { x: { as: is } } };
    const narrow = answeringTeacher(
      descriptionOf(2, { outputs: { output: { convention: is, shape: [null, 2] } } }),
    );
    await expectKdError(
      () => objectiveOf([digits(reads)], narrow, student(is), is),
      'KD_CLASSES_MISMATCH',
      'the term "a"',
      '2 from the teacher and 3 from the student',
    );
    // Under different names, the term has said that it knows.
    const apart = { student: { x: { as } }, teacher: { y: { as: is } } };
    await expect(objectiveOf([digits(apart)], narrow, student(is), is)).resolves.toBeDefined();
  });

  it('may differ in width if it is of values', async () => {
    const reads = { student: { x: { as: 'values' } }, teacher: { x: { as: 'values' } } } as const;
    const wide = answeringTeacher(
      descriptionOf(5, { outputs: { output: { convention: 'values', shape: [null, 5] } } }),
      answerOf(ones([1, 5])),
    );
    const objective = await objectiveOf([digits(reads)], wide, student('values'), 'values');
    const answer = await objective.ask(batch);
    expectClose(read(objective, { batch, answer }).total, 4.5 + 50, tolerance);
  });
});
