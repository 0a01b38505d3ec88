import { mean, mul, ones, square, sub, sum, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, regularizers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { valueAt } from '@kd/core';
import type { Batch, TeacherPrediction, Term, TermBatch } from '@kd/core';
import { hardTarget, hardTargetLossFromDistributions, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { softmax } from '@kd/testing/float64';
import { describe, expect, it, vi } from 'vitest';
import { gradients, read } from '../test/evaluate.js';
import { hardLoss, softLoss } from '../test/float64.js';
import { identity } from '../test/models.js';
import { buildObjective } from './objective.js';
import type { Objective, ObjectiveOptions } from './objective.js';
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

/** A term on the student's output only. */
const termOf = (name: string, values: (batch: TermBatch) => Tensor, others: Partial<Term> = {}): Term => ({
  apiVersion: 1,
  name,
  reduces: 'example',
  loss: (termBatch) => ({ values: values(termBatch) }),
  ...others,
});
const squares = (name: string, others: Partial<Term> = {}): Term =>
  termOf(name, ({ student }) => sum(square(student.output), -1), others);
/** Mean over rows of the sum of squares of `z`. */
const meanSquare = (9 + 1 + 0.25 + 1 + 0 + 4) / 2;

function release(prediction: TeacherPrediction | undefined): void {
  for (const { output } of prediction?.members ?? []) output.dispose();
  for (const tap of prediction?.taps ?? []) tap.dispose();
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
  const seen: TermBatch[] = [];
  const watching = (name: string, student: string[], teacher: string[]): Term => ({
    ...squares(name),
    needs: ['teacher'],
    taps: { student, teacher },
    loss: (termBatch) => {
      seen.push(termBatch);
      return { values: mul(sum(square(termBatch.student.output), -1), termBatch.student.taps.length) };
    },
  });
  const terms = [
    watching('a', ['hidden', 'logits'], ['hidden']),
    watching('b', ['hidden'], ['logits', 'hidden']),
  ];

  it('runs the student once, whatever is tapped', async () => {
    const [model, teacherModel] = [tapped(4), tapped(5)];
    const teacher = layersTeacher(teacherModel, { convention: 'logits' });
    const objective = await buildObjective(
      defineRecipe({
        student: { model, convention: 'logits' },
        teacher,
        terms: [...terms, softTarget({ temperature: 4 })],
      }),
    );
    const [ofStudent, ofTeacher] = [spies(model), spies(teacherModel)];
    const counts = (of: typeof ofStudent) => of.map(({ mock }) => mock.calls.length);
    const prediction = await objective.ask(batch);
    expect(counts(ofTeacher)).toEqual([1, 1]);
    expect(counts(ofStudent)).toEqual([0, 0]);
    gradients(objective, { batch, prediction, training: true, seed: 1 });
    expect(counts(ofStudent)).toEqual([1, 1]);
    read(objective, { batch, prediction });
    expect(counts(ofStudent)).toEqual([2, 2]);
    expect(counts(ofTeacher)).toEqual([1, 1]);
    release(prediction);
  });

  it('gives each term its taps, in its order, and shares one tensor between terms with the same tap', async () => {
    const [model, teacherModel] = [tapped(4), tapped(5)];
    const teacher = layersTeacher(teacherModel, { convention: 'logits' });
    const objective = await buildObjective(
      defineRecipe({ student: { model, convention: 'logits' }, teacher, terms }),
    );
    const prediction = await objective.ask(batch);
    seen.length = 0;
    const time = { step: 7, epoch: 2 };
    read(objective, { batch, prediction, time });
    const shapes = ({ student, teacher: of }: TermBatch) => [
      student.taps.map(({ shape }) => shape),
      of?.taps.map(({ shape }) => shape),
    ];
    expect(seen.map(shapes)).toEqual([
      [
        [
          [2, 4],
          [2, 3],
        ],
        [[2, 5]],
      ],
      [
        [[2, 4]],
        [
          [2, 3],
          [2, 5],
        ],
      ],
    ]);
    const [a, b] = seen as [TermBatch, TermBatch];
    expect(a.student.taps[0]).toBe(b.student.taps[0]);
    expect(a.teacher?.taps[0]).toBe(b.teacher?.taps[1]);
    expect(a.student.taps[1]).toBe(a.student.output);
    expect(a.teacher?.members).toBe(prediction?.members);
    expect([a.student.convention, a.teacher?.convention]).toEqual(['logits', 'logits']);
    expect([a.batch, a.time]).toEqual([batch, time]);
    expect(a.batch).toBe(batch);
    release(prediction);
  });

  it('passes no teacher if there is none', async () => {
    const objective = await objectiveOf([
      termOf('a', (termBatch) => {
        seen.push(termBatch);
        return sum(termBatch.student.output, -1);
      }),
    ]);
    seen.length = 0;
    expect(await objective.ask(batch)).toBeUndefined();
    read(objective, { batch });
    expect(seen[0]).not.toHaveProperty('teacher');
    expect(seen[0]?.modules).toEqual({});
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
        teacher: layersTeacher(teacherModel, { convention: 'logits' }),
        terms: [softTarget({ temperature: 2 })],
      }),
    );
    const inputs = { right: tensor2d([[1, 2]]), left: tensor2d([[5, 3]]), more: tensor2d([[0]]) };
    const prediction = await objective.ask({ inputs });
    const { total } = read(objective, { batch: { inputs }, prediction });
    expectClose(total, softLoss(softmax([1, 2], 2), [4, 1], 2), tolerance);
    release(prediction);
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
        teacher: {
          describe: () =>
            Promise.resolve({
              output: { convention: 'logits', shape: [null, 3] },
              taps: [],
              fingerprint: '',
              frozen: true,
            }),
          predict: () => Promise.resolve({ members: [{ output: tensor2d(v), weight: 1 }], taps: [] }),
        },
        terms: [softTarget({ temperature: 4, weight: 0.9 }), hardTarget({ weight: 0.1 }), squares('squares')],
      }),
    );
    const prediction = await objective.ask(batch);
    const { total, losses, weights } = read(objective, { batch, prediction });
    const soft =
      z.map((row, index) => softLoss(softmax(v[index] ?? [], 4), row, 4)).reduce((a, b) => a + b) / 2;
    const hard = (hardLoss(2, z[0] ?? []) + hardLoss(0, z[1] ?? [])) / 2;
    expect(Object.keys(losses)).toEqual(['soft', 'hard', 'squares']);
    expect(weights).toEqual({ soft: 0.9, hard: 0.1, squares: 1 });
    expectClose(Object.values(losses), [soft, hard, meanSquare], tolerance);
    expectClose(total, 0.9 * soft + 0.1 * hard + meanSquare, tolerance);
    release(prediction);
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
    const spread = termOf(
      'spread',
      ({ student }) => sum(square(sub(student.output, mean(student.output, 0)))),
      {
        reduces: 'batch',
        weight: 2,
      },
    );
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
      await objectiveOf([termOf('zero', ({ student }) => mul(sum(student.output, -1), 0))], model),
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

  it('runs student and teacher no further than their taps if no term reads outputs', async () => {
    const [own, other] = [tapped(4), tapped(5)];
    const calls = [own, other].map((model) => vi.spyOn(model.getLayer('logits'), 'call'));
    const taps = { student: ['hidden'], teacher: ['hidden'] };
    const loss = ({
      student: {
        taps: [tap],
      },
    }: TermBatch) => ({ values: mean(square(tap as Tensor), 1) });
    const middle = { ...squares('middle', {}), taps, loss };
    const evaluateOnce = async (terms: readonly Term[]): Promise<number> => {
      const teacher = layersTeacher(other, { convention: 'logits' });
      const objective = await buildObjective(
        defineRecipe({ student: { model: own, convention: 'logits' }, teacher, terms }),
      );
      const batch = { inputs: { x: ones([2, 3]) } };
      const prediction = await objective.ask(batch);
      const time = { step: 0, epoch: 0 };
      const total = tidy(() => objective.evaluate({ batch, prediction, time, training: true }).total);
      objective.dispose();
      return (await total.data())[0] ?? NaN;
    };
    const whole = await evaluateOnce([middle]);
    expect(calls.map((call) => call.mock.calls.length)).toEqual([1, 1]);
    expect(await evaluateOnce([{ ...middle, usesOutputs: false }])).toBe(whole);
    expect(calls.map((call) => call.mock.calls.length)).toEqual([1, 1]);
    const lying = {
      ...middle,
      usesOutputs: false,
      loss: ({ student: { output } }: TermBatch) => ({ values: mean(output, 1) }),
    };
    await expectKdError(() => evaluateOnce([lying]), 'KD_TERM_INVALID', 'student.output', '"middle"');
  });

  it('shows each term its shapes once, before the first step', async () => {
    const check = vi.fn();
    const teacher = layersTeacher(tapped(5), { convention: 'logits', classes: ['a', 'b', 'c'] });
    const terms = [
      squares('a', { check, taps: { student: ['logits', 'hidden'], teacher: ['hidden'] } }),
      squares('b', { check, taps: { teacher: ['logits', 'hidden'] } }),
    ];
    const model = tapped(4);
    const objective = await buildObjective(
      defineRecipe({ student: { model, convention: 'logits' }, teacher, terms }),
    );
    const output = { convention: 'logits', shape: [null, 3] };
    const ofTeacher = { ...output, classes: ['a', 'b', 'c'] };
    const shapes = [
      {
        student: {
          output,
          taps: [
            [null, 3],
            [null, 4],
          ],
        },
        teacher: { output: ofTeacher, taps: [[null, 5]], tapActivations: ['tanh'] },
      },
      {
        student: { output, taps: [] },
        teacher: {
          output: ofTeacher,
          taps: [
            [null, 3],
            [null, 5],
          ],
          tapActivations: ['linear', 'tanh'],
        },
      },
    ];
    expect(check.mock.calls).toEqual(shapes.map((each) => [each]));
    const checkBatch = vi.fn(() => Promise.resolve());
    const checking = await objectiveOf([squares('a', { checkBatch, check })]);
    await checking.checkTargets({ targets: { labels } });
    expect(checkBatch.mock.calls).toEqual([[{ targets: { labels } }, { student: { output, taps: [] } }]]);
    objective.dispose();
  });

  it('rejects with the errors of terms and teacher', async () => {
    const teacher = layersTeacher(identity(3), { convention: 'logits' });
    const student = { model: identity(2), convention: 'logits' } as const;
    await expectKdError(
      () => buildObjective(defineRecipe({ student, teacher, terms: [softTarget({ temperature: 4 })] })),
      'KD_CLASSES_MISMATCH',
      '3 from the teacher and 2 from the student',
    );
    await expectKdError(
      () =>
        buildObjective(
          defineRecipe({ student, teacher, terms: [squares('a', { taps: { teacher: ['hiden'] } })] }),
        ),
      'KD_TAP_UNKNOWN',
      'layersTeacher',
      'tap "hiden"',
    );
    const sigmoid = { model: identity(3), convention: 'sigmoid-logits' } as const;
    await expectKdError(
      () =>
        buildObjective(defineRecipe({ student: sigmoid, teacher, terms: [softTarget({ temperature: 4 })] })),
      'KD_TEACHER_CONVENTION',
      'the output of the student',
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
    const teacher = layersTeacher(tapped(5), { convention: 'logits' });
    const terms = [
      softTarget({ temperature: 4 }),
      hardTarget({ weight: (time) => valueAt(0.5, time) }),
      termOf('tapped', ({ student }) => sum(square(student.taps[0] as Tensor), -1), {
        taps: { student: ['hidden'], teacher: ['hidden'] },
      }),
    ];
    const full = { ...batch, sampleWeight: tensor1d([0, 2]), labelled: tensor1d([1, 0]) };
    await expectNoLeak(async () => {
      const objective = await buildObjective(
        defineRecipe({ student: { model, convention: 'logits' }, teacher, terms }),
      );
      const prediction = await objective.ask(full);
      await expectNoLeak(async () => {
        await objective.checkTargets(full);
        for (let step = 0; step < 20; step++) {
          const request = { batch: full, prediction, training: true, seed: step };
          if (step % 2 === 0) read(objective, request);
          else gradients(objective, request);
        }
      });
      release(prediction);
      objective.dispose();
    });
  });
});
