import { dispose, mean, mul, square, sub, sum, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, regularizers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { defineTerm, tensorsOfAnswer, valueAt } from '@kd/core';
import type { Batch, Reads, Teacher, TeacherAnswer, Term, TermBatch } from '@kd/core';
import { hardTarget, hardTargetLossFromDistributions, softTarget } from '@kd/soft-target-loss';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { softmax } from '@kd/testing/float64';
import { describe, expect, it, vi } from 'vitest';
import { gradients, read } from '../test/evaluate.js';
import { hardLoss, softLoss } from '../test/float64.js';
import { identity } from '../test/models.js';
import { answerOf, answeringTeacher, descriptionOf, modelTeacher } from '../test/teachers.js';
import { squares, termOf } from '../test/terms.js';
import { buildObjective } from './build-objective.js';
import type { ObjectiveOptions } from './build-objective.js';
import type { Objective } from './objective.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const z = [
  [3, 1, 0.5],
  [-1, 0, 2],
];
const x = tensor2d(z);
const labels = tensor1d([2, 0], 'int32');
const batch: Batch = { inputs: { x }, targets: { labels } };
const tolerance = { relative: 1e-5, absolute: 1e-6 };

/** Mean over rows of the sum of squares of `z`. */
const meanSquare = (9 + 1 + 0.25 + 1 + 0 + 4) / 2;

function release(answer: TeacherAnswer | undefined): void {
  if (answer !== undefined) dispose(tensorsOfAnswer(answer));
}
const objectiveOf = (
  terms: Term[],
  model = identity(3),
  options: ObjectiveOptions = {},
): Promise<Objective> =>
  buildObjective(defineRecipe({ student: { model, convention: 'logits' }, terms }), options);

/** A student or teacher with two layers, one of which can be tapped. */
function tapped(units: number): LayersModel {
  return sequential({
    layers: [
      layers.dense({ name: 'hidden', units, activation: 'tanh', inputShape: [3] }),
      layers.dense({ name: 'logits', units: 3 }),
    ],
  });
}
const spies = (model: LayersModel) => model.layers.map((layer) => vi.spyOn(layer, 'call'));

describe('an evaluation', () => {
  /** What each loss was given, most recent last. */
  const seen: Readonly<Record<string, readonly Tensor[]>>[] = [];
  const watching = (name: string, student: string[], teacher: string[]): Term =>
    defineTerm({
      name,
      reads: { student: { logits: { as: 'logits' }, taps: student }, teacher: { taps: teacher } },
      loss: ({ student: own, teacher: other }) => {
        seen.push({ student: own.taps, teacher: other.taps, logits: [own.logits] });
        return { values: mul(sum(square(own.logits), -1), own.taps.length) };
      },
    });
  const terms = [
    watching('a', ['hidden', 'logits'], ['hidden']),
    watching('b', ['hidden'], ['logits', 'hidden']),
  ];

  it('runs the student once, whatever is tapped', async () => {
    const [model, teacherModel] = [tapped(4), tapped(5)];
    const teacher = modelTeacher(teacherModel);
    const objective = await buildObjective(
      defineRecipe({
        student: { model, convention: 'logits' },
        teacher,
        terms: [...terms, softTarget({ temperature: 4 })],
      }),
    );
    const [ofStudent, ofTeacher] = [spies(model), spies(teacherModel)];
    const counts = (of: typeof ofStudent) => of.map(({ mock }) => mock.calls.length);
    const answer = await objective.ask(batch);
    expect(counts(ofTeacher)).toEqual([1, 1]);
    expect(counts(ofStudent)).toEqual([0, 0]);
    gradients(objective, { batch, answer, training: true, seed: 1 });
    expect(counts(ofStudent)).toEqual([1, 1]);
    read(objective, { batch, answer });
    expect(counts(ofStudent)).toEqual([2, 2]);
    expect(counts(ofTeacher)).toEqual([1, 1]);
    release(answer);
  });

  it('gives each term its taps, in its order, and shares one tensor between terms with the same tap', async () => {
    const [model, teacherModel] = [tapped(4), tapped(5)];
    const objective = await buildObjective(
      defineRecipe({ student: { model, convention: 'logits' }, teacher: modelTeacher(teacherModel), terms }),
    );
    const answer = await objective.ask(batch);
    seen.length = 0;
    read(objective, { batch, answer, time: { step: 7, epoch: 2 } });
    const shapes = seen.map((sides) =>
      [sides['student'], sides['teacher']].map((taps) => taps?.map(({ shape }) => shape.join())),
    );
    expect(shapes).toEqual([
      [['2,4', '2,3'], ['2,5']],
      [['2,4'], ['2,3', '2,5']],
    ]);
    const [a, b] = seen;
    expect(a?.['student']?.[0]).toBe(b?.['student']?.[0]);
    expect(a?.['teacher']?.[0]).toBe(b?.['teacher']?.[1]);
    expect(a?.['student']?.[1]).toBe(a?.['logits']?.[0]);
    release(answer);
  });

  it('gives a term exactly what it reads, and no teacher if there is none', async () => {
    let given: TermBatch | undefined;
    const term = termOf('a', (logits) => sum(logits, -1));
    const objective = await objectiveOf([
      {
        ...term,
        loss: (termBatch) => {
          given = termBatch;
          return term.loss(termBatch);
        },
      },
    ]);
    expect(await objective.ask(batch)).toBeUndefined();
    read(objective, { batch });
    expect(Object.keys(given?.student ?? {})).toEqual(['logits']);
    expect(given).toMatchObject({
      teacher: {},
      targets: {},
      inputs: {},
      rows: undefined,
      mask: undefined,
      modules: {},
      scalars: {},
      training: false,
    });
    expect(given).not.toHaveProperty('batch');
    expect(given).not.toHaveProperty('time');
  });

  it('takes several inputs by name, the teacher and the student each their own', async () => {
    const [left, right] = [input({ shape: [2], name: 'left' }), input({ shape: [2], name: 'right' })];
    const both = layers.concatenate().apply([left, right]) as SymbolicTensor;
    // left - right
    const difference = tensor2d([1, 0, 0, 1, -1, 0, 0, -1], [4, 2]);
    const dense = layers.dense({ units: 2, weights: [difference], useBias: false });
    const model = functional({ inputs: [left, right], outputs: dense.apply(both) as SymbolicTensor });
    const onlyRight = input({ shape: [2], name: 'right' });
    const teacherModel = functional({
      inputs: [onlyRight, input({ shape: [1], name: 'more' })],
      outputs: layers
        .dense({ units: 2, kernelInitializer: 'identity', useBias: false })
        .apply(onlyRight) as SymbolicTensor,
    });
    const objective = await buildObjective(
      defineRecipe({
        student: { model, convention: 'logits' },
        teacher: modelTeacher(teacherModel),
        terms: [softTarget({ temperature: 2 })],
      }),
    );
    const inputs = { right: tensor2d([[1, 2]]), left: tensor2d([[5, 3]]), more: tensor2d([[0]]) };
    const answer = await objective.ask({ inputs });
    const { total } = read(objective, { batch: { inputs }, answer });
    expectClose(total, softLoss(softmax([1, 2], 2), [4, 1], 2), tolerance);
    release(answer);
  });
});

describe('the total', () => {
  it('is the sum of the losses computed by hand, each times its weight', async () => {
    const v = [
      [1, 2, 3],
      [2, -2, 0],
    ];
    const objective = await buildObjective(
      defineRecipe({
        student: { model: identity(3), convention: 'logits' },
        teacher: answeringTeacher(descriptionOf(3), answerOf(tensor2d(v))),
        terms: [softTarget({ temperature: 4, weight: 0.9 }), hardTarget({ weight: 0.1 }), squares('squares')],
      }),
    );
    const answer = await objective.ask(batch);
    const { total, losses, weights } = read(objective, { batch, answer });
    const soft =
      z.map((row, index) => softLoss(softmax(v[index] ?? [], 4), row, 4)).reduce((a, b) => a + b) / 2;
    const hard = (hardLoss(2, z[0] ?? []) + hardLoss(0, z[1] ?? [])) / 2;
    expect(Object.keys(losses)).toEqual(['soft', 'hard', 'squares']);
    expect(weights).toEqual({ soft: 0.9, hard: 0.1, squares: 1 });
    expectClose(Object.values(losses), [soft, hard, meanSquare], tolerance);
    expectClose(total, 0.9 * soft + 0.1 * hard + meanSquare, tolerance);
    release(answer);
  });

  it('uses the weights of schedules at the time of the step', async () => {
    const schedule = vi.fn(({ step, epoch }: { step: number; epoch: number }) => step + 10 * epoch);
    const objective = await objectiveOf([squares('a', { weight: schedule }), squares('b', { weight: 0 })]);
    const { total, losses, weights } = read(objective, { batch, time: { step: 3, epoch: 2 } });
    expect(weights).toEqual({ a: 23, b: 0 });
    expectClose(total, 23 * meanSquare, tolerance);
    // Losses are reported unweighted, so that they can be compared over time.
    expectClose([losses['a'] ?? NaN, losses['b'] ?? NaN], [meanSquare, meanSquare], tolerance);
    expect(schedule).toHaveBeenCalledTimes(1);
  });

  it.each([NaN, Infinity, -0.5])('is refused if a schedule returns %d', async (weight) => {
    const objective = await objectiveOf([squares('a'), squares('b', { weight: () => weight })]);
    await expectNoLeak(async () => {
      await expectKdError(
        () => read(objective, { batch, time: { step: 3, epoch: 1 } }),
        'KD_WEIGHT_RANGE',
        'the term "b"',
        'weight at step 3, epoch 1',
        String(weight),
      );
    });
  });

  it('includes the value of a term that relates the whole batch unchanged', async () => {
    const spread = termOf('spread', (logits) => sum(square(sub(logits, mean(logits, 0)))), {
      reduces: 'batch',
      weight: 2,
    });
    const { total, losses } = read(await objectiveOf([spread]), { batch });
    // Half the squared distance of the two rows.
    const expected = (16 + 1 + 2.25) / 2;
    expectClose(losses['spread'] ?? NaN, expected, tolerance);
    expectClose(total, 2 * expected, tolerance);
  });
});

describe('regularisers', () => {
  const l2 = { kernelRegularizer: regularizers.l2({ l2: 0.1 }) };

  it('are added to the total unweighted, and reported by their name', async () => {
    const objective = await objectiveOf([squares('squares', { weight: 3 })], identity(3, l2));
    const { total, losses, weights } = read(objective, { batch });
    expect(weights).toEqual({ squares: 3 });
    // The kernel holds three ones.
    expectClose(losses['regularizers'] ?? NaN, 0.3, tolerance);
    expectClose(total, 3 * meanSquare + 0.3, tolerance);
  });

  it('of several layers, including frozen ones, are summed', async () => {
    const model = sequential({
      layers: [
        layers.dense({ units: 3, kernelInitializer: 'identity', inputShape: [3], ...l2, trainable: false }),
        layers.dense({
          units: 3,
          kernelInitializer: 'identity',
          biasInitializer: 'ones',
          ...l2,
          biasRegularizer: regularizers.l1({ l1: 1 }),
        }),
      ],
    });
    const { total, losses } = read(
      await objectiveOf([termOf('zero', (logits) => mul(sum(logits, -1), 0))], model),
      { batch },
    );
    expectClose(losses['regularizers'] ?? NaN, 0.3 + 0.3 + 3, tolerance);
    expectClose(total, 3.6, tolerance);
  });

  it('add no entry if no layer declares one', async () => {
    expect(Object.keys(read(await objectiveOf([squares('a')]), { batch }).losses)).toEqual(['a']);
  });

  it('give the same total as tfjs', async () => {
    const model = tapped(2);
    const regularized = sequential({
      layers: [
        layers.dense({
          units: 2,
          activation: 'tanh',
          inputShape: [3],
          ...l2,
          weights: model.layers[0]?.getWeights() ?? [],
        }),
        layers.dense({ units: 3, ...l2, weights: model.layers[1]?.getWeights() ?? [] }),
      ],
    });
    const objective = await objectiveOf([hardTarget()], regularized);
    const ours = read(objective, { batch, training: true });
    regularized.compile({
      optimizer: 'sgd',
      loss: (yTrue: Tensor, yPred: Tensor) => hardTargetLossFromDistributions(yTrue, yPred),
    });
    const y = tensor2d([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    const { history } = await regularized.fit(x, y, { epochs: 1, batchSize: 2 });
    expectClose(ours.total, history['loss'], tolerance);
    expect(ours.losses['regularizers']).toBeGreaterThan(0.01);
  });
});

describe('buildObjective', () => {
  it('lists what is trained: the trainable weights of the student, by name', async () => {
    const model = sequential({
      layers: [
        layers.dense({ name: 'frozen', units: 3, inputShape: [3], trainable: false }),
        layers.batchNormalization({ name: 'norm' }),
        layers.dense({ name: 'logits', units: 3 }),
      ],
    });
    const objective = await objectiveOf([squares('a')], model);
    expect(objective.trainable.map(({ name }) => name)).toEqual([
      'norm/gamma',
      'norm/beta',
      'logits/kernel',
      'logits/bias',
    ]);
    expect(objective.trainable.every(({ trainable }) => trainable)).toBe(true);
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [squares('a')] });
    expect((await buildObjective(recipe)).recipe).toBe(recipe);
  });

  it('shows each term what is known of what it reads once, before the first step', async () => {
    const check = vi.fn();
    const ofTeacher = { convention: 'logits', shape: [null, 3], classes: ['a', 'b', 'c'] } as const;
    const teacher: Teacher = {
      ...modelTeacher(tapped(5)),
      describe: async (request) => ({
        ...(await modelTeacher(tapped(5)).describe(request)),
        outputs: { output: ofTeacher },
      }),
    };
    const checking = (reads: Reads, name = 'a'): Term => ({ ...squares(name), check, reads });
    const terms = [
      checking({
        student: { pair: ['logits', 'hidden'], probabilities: { as: 'probabilities' } },
        teacher: { tap: 'hidden', logits: { as: 'logits', members: true } },
      }),
      checking({ teacher: { taps: ['logits', { layer: 'hidden', at: 'preActivation' }] } }, 'b'),
    ];
    const student = { model: tapped(4), convention: 'logits' } as const;
    const objective = await buildObjective(defineRecipe({ student, teacher, terms }), { datasetSize: 60 });
    const value = (width: number, activation?: string) => ({ shape: [null, width], activation });
    expect(check.mock.calls).toEqual([
      [
        {
          student: {
            pair: [value(3, 'linear'), value(4, 'tanh')],
            probabilities: { convention: 'probabilities', shape: [null, 3] },
          },
          teacher: { tap: value(5, 'tanh'), logits: ofTeacher },
          datasetSize: 60,
        },
      ],
      [{ student: {}, teacher: { taps: [value(3, 'linear'), value(5, 'linear')] }, datasetSize: 60 }],
    ]);
    objective.dispose();
  });

  it('rejects with the errors of terms and teacher', async () => {
    const teacher = modelTeacher(identity(3));
    const student = { model: identity(2), convention: 'logits' } as const;
    await expectKdError(
      () => buildObjective(defineRecipe({ student, teacher, terms: [softTarget({ temperature: 4 })] })),
      'KD_CLASSES_MISMATCH',
      '3 from the teacher and 2 from the student',
    );
    await expectKdError(
      () =>
        buildObjective(
          defineRecipe({
            student,
            teacher,
            terms: [{ ...squares('a'), reads: { teacher: { tap: 'hiden' } } }],
          }),
        ),
      'KD_TAP_UNKNOWN',
      'the teacher',
      'tap "hiden"',
    );
    const sigmoid = { model: identity(3), convention: 'sigmoid-logits' } as const;
    await expectKdError(
      () =>
        buildObjective(defineRecipe({ student: sigmoid, teacher, terms: [softTarget({ temperature: 4 })] })),
      'KD_TEACHER_CONVENTION',
      'the term "soft"',
      'the output "output" of the student',
      'of classes',
      '"sigmoid-logits", which is of independent labels',
    );
  });

  it.each<[string, unknown, string, ...string[]]>([
    ['a misspelt option', { sede: 1 }, 'KD_OPTION_UNKNOWN', 'buildObjective', 'options.sede'],
    ['null', null, 'KD_OPTION_TYPE', 'options', 'null'],
    ['a seed that is not a number', { seed: '1' }, 'KD_OPTION_TYPE', 'options.seed', '"1"'],
    ['half a seed', { seed: 0.5 }, 'KD_OPTION_RANGE', 'options.seed', '0.5'],
    ['an empty data set', { datasetSize: 0 }, 'KD_OPTION_RANGE', 'options.datasetSize', '0'],
  ])('refuses %s', async (_, options, code, ...facts) => {
    await expectKdError(
      () => objectiveOf([squares('a')], identity(3), options as ObjectiveOptions),
      code,
      ...facts,
    );
  });
});

describe('memory', () => {
  it('leaks nothing over evaluations, with and without gradients', async () => {
    const model = sequential({
      layers: [
        layers.dense({
          name: 'hidden',
          units: 4,
          inputShape: [3],
          kernelRegularizer: regularizers.l2({ l2: 0.1 }),
        }),
        layers.batchNormalization(),
        layers.dropout({ rate: 0.5 }),
        layers.dense({ units: 3 }),
      ],
    });
    const teacher = modelTeacher(tapped(5));
    const terms = [
      softTarget({ temperature: 4 }),
      hardTarget({ weight: (time) => valueAt(0.5, time) }),
      defineTerm({
        name: 'tapped',
        reads: { student: { tap: 'hidden' }, teacher: { tap: 'hidden' } },
        loss: ({ student }) => ({ values: sum(square(student.tap), -1) }),
      }),
    ];
    const full = { ...batch, sampleWeight: tensor1d([0, 2]), labelled: tensor1d([1, 0]) };
    await expectNoLeak(async () => {
      const objective = await buildObjective(
        defineRecipe({ student: { model, convention: 'logits' }, teacher, terms }),
      );
      const answer = await objective.ask(full);
      await expectNoLeak(async () => {
        await objective.checkTargets(full);
        for (let step = 0; step < 20; step++) {
          const request = { batch: full, answer, training: true, seed: step };
          if (step % 2 === 0) read(objective, request);
          else gradients(objective, request);
        }
      });
      release(answer);
      objective.dispose();
    });
  });
});
