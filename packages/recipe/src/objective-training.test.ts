import { square, sum, tensor, tensor1d, tensor2d, tidy, train } from '@tensorflow/tfjs-core';
import { initializers, layers, regularizers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { namedWeights } from '@kd/model';
import { defineTerm } from '@kd/core';
import type { Batch, Convention, Term } from '@kd/core';
import {
  hardTarget,
  logitMatching,
  sigmoidHardTarget,
  sigmoidSoftTarget,
  softTarget,
} from '@kd/soft-target-loss';
import { expectClose, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { gradients, read } from '../test/evaluate.js';
import { modelTeacher } from '../test/teachers.js';
import { buildObjective } from './build-objective.js';
import type { Objective } from './objective.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const x = tensor2d([
  [1, -2],
  [0.5, 3],
  [-1, 0.25],
]);
const batch: Batch = { inputs: { x }, targets: { labels: tensor1d([2, 0, 1], 'int32') } };
const seeded = (seed: number) => ({ kernelInitializer: initializers.glorotNormal({ seed }) });
const squares = defineTerm({
  name: 'squares',
  reads: { student: { hidden: { layer: 'hidden', at: 'preActivation' } } },
  loss: ({ student }) => ({ values: sum(square(student.hidden), -1) }),
});
const teacherModel = (activation: 'linear' | 'softmax' | 'sigmoid' = 'linear'): LayersModel =>
  sequential({
    layers: [
      layers.dense({ name: 'hidden', units: 4, activation: 'tanh', inputShape: [2], ...seeded(1) }),
      layers.batchNormalization({ name: 'norm' }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ name: 'logits', units: 3, activation, ...seeded(2) }),
    ],
  });
const studentModel = (activation: 'linear' | 'softmax' | 'sigmoid' = 'linear'): LayersModel =>
  sequential({
    layers: [
      layers.dense({
        name: 'hidden',
        units: 2,
        activation: 'tanh',
        inputShape: [2],
        kernelRegularizer: regularizers.l2({ l2: 0.05 }),
        ...seeded(3),
      }),
      layers.dense({ name: 'logits', units: 3, activation, biasInitializer: 'ones', ...seeded(4) }),
    ],
  });
const objectiveOf = (
  model: LayersModel,
  terms: readonly Term[],
  {
    teacher = teacherModel(),
    convention = 'logits',
    ofTeacher = convention,
  }: { teacher?: LayersModel; convention?: Convention; ofTeacher?: Convention } = {},
): Promise<Objective> =>
  buildObjective(
    defineRecipe({
      student: { model, convention },
      teacher: modelTeacher(teacher, ofTeacher),
      terms,
    }),
  );
const bytes = (model: LayersModel): string[] =>
  namedWeights(model).map(({ name, variable, trainable }) => {
    const values = new Uint8Array(variable.dataSync().slice().buffer);
    return `${name} ${String(trainable)} ${Buffer.from(values).toString('hex')}`;
  });
const statistics = (model: LayersModel): number[] =>
  namedWeights(model)
    .filter(({ name }) => name.includes('moving'))
    .flatMap(({ variable }) => Array.from(variable.dataSync()));
const tolerance = { relative: 1e-5, absolute: 1e-6 };

describe('the gradient of the total', () => {
  it('matches finite differences, for every trained weight', async () => {
    const model = studentModel();
    const terms = [
      softTarget({ temperature: 3, weight: 0.7 }),
      hardTarget({ weight: 0.3 }),
      logitMatching(),
      squares,
    ];
    const objective = await objectiveOf(model, terms);
    const weighted = { ...batch, sampleWeight: tensor1d([1, 0.5, 2]), labelled: tensor1d([1, 1, 0]) };
    const request = { batch: weighted, answer: await objective.ask(weighted), training: true };
    const found = gradients(objective, request);
    const totalWith = (
      variable: (typeof objective.trainable)[number]['variable'],
      values: number[],
    ): number => {
      tidy(() => {
        variable.assign(tensor(values, variable.shape));
      });
      return read(objective, request).total;
    };
    expect(Object.keys(found)).toEqual(['hidden/kernel', 'hidden/bias', 'logits/kernel', 'logits/bias']);
    for (const { name, variable } of objective.trainable) {
      const values = Array.from(variable.dataSync());
      const step = 1e-2;
      const differences = values.map(
        (value, index) =>
          (totalWith(variable, values.with(index, value + step)) -
            totalWith(variable, values.with(index, value - step))) /
          (2 * step),
      );
      totalWith(variable, values);
      expectClose(found[name] ?? [], differences, { relative: 2e-3, absolute: 2e-3 });
    }
  });
});

describe('steps on the objective', () => {
  it('change the student, and nothing in the teacher', async () => {
    const [model, teacher] = [studentModel(), teacherModel()];
    const objective = await objectiveOf(model, [softTarget({ temperature: 4 }), hardTarget()], { teacher });
    const [ofStudent, ofTeacher, config] = [
      bytes(model),
      bytes(teacher),
      JSON.stringify(teacher.getConfig()),
    ];
    const optimizer = train.adam(0.05);
    const variables = objective.trainable.map(({ variable }) => variable);
    const totals: number[] = [];
    for (let step = 0; step < 10; step++) {
      const answer = await objective.ask(batch);
      const cost = optimizer.minimize(
        () =>
          objective.evaluate({ batch, answer, time: { step, epoch: 0 }, training: true, seed: step }).total,
        true,
        variables,
      );
      totals.push(cost?.dataSync()[0] ?? NaN);
    }
    expect(totals.at(-1)).toBeLessThan(0.7 * (totals[0] ?? NaN));
    expect(bytes(model)).not.toEqual(ofStudent);
    expect(bytes(teacher)).toEqual(ofTeacher);
    expect(JSON.stringify(teacher.getConfig())).toBe(config);
    optimizer.dispose();
  });
});

describe('dropout of the student', () => {
  const build = (): LayersModel =>
    sequential({
      layers: [
        layers.dropout({ rate: 0.5, inputShape: [2] }),
        layers.dense({ name: 'hidden', units: 20, ...seeded(1) }),
        layers.dropout({ rate: 0.5 }),
        layers.dense({ units: 3, ...seeded(2) }),
      ],
    });

  it('repeats with the seed, in value and gradient, and differs with another', async () => {
    const objective = await objectiveOf(build(), [hardTarget()]);
    const answer = await objective.ask(batch);
    const of = (seed: number) => ({ batch, answer, training: true, seed });
    expect(read(objective, of(1)).total).toBe(read(objective, of(1)).total);
    expect(gradients(objective, of(1))).toEqual(gradients(objective, of(1)));
    expect(read(objective, of(1)).total).not.toBe(read(objective, of(2)).total);
    const free = { batch, answer, training: true };
    expect(read(objective, free).total).not.toBe(read(objective, free).total);
  });

  it('is off without training, whatever the seed', async () => {
    const objective = await objectiveOf(build(), [hardTarget()]);
    const answer = await objective.ask(batch);
    const of = (seed: number) => ({ batch, answer, training: false, seed });
    expect(read(objective, of(1)).total).toBe(read(objective, of(2)).total);
  });
});

describe('batch normalisation of the student', () => {
  const build = (): LayersModel =>
    sequential({
      layers: [
        layers.batchNormalization({ name: 'norm', momentum: 0.9, inputShape: [2] }),
        layers.dense({ name: 'hidden', units: 3 }),
      ],
    });
  const fresh = [0, 0, 1, 1];
  const mean = [0.5 / 3, 1.25 / 3];
  const variance = [(1 + 0.25 + 1) / 3 - (mean[0] ?? NaN) ** 2, (4 + 9 + 0.0625) / 3 - (mean[1] ?? NaN) ** 2];

  it('updates its statistics once per training evaluation, however many terms there are', async () => {
    const model = build();
    const objective = await objectiveOf(model, [softTarget({ temperature: 4 }), hardTarget(), squares]);
    const answer = await objective.ask(batch);
    expect(statistics(model)).toEqual(fresh);
    read(objective, { batch, answer, training: true });
    const once = [...mean.map((each) => 0.1 * each), ...variance.map((each) => 0.9 + 0.1 * each)];
    expectClose(statistics(model), once, tolerance);
    gradients(objective, { batch, answer, training: true });
    const twice = [...mean.map((each) => 0.19 * each), ...variance.map((each) => 0.81 + 0.19 * each)];
    expectClose(statistics(model), twice, tolerance);
  });

  it('does not update them without training, or in a frozen layer', async () => {
    const model = build();
    const objective = await objectiveOf(model, [hardTarget()]);
    const answer = await objective.ask(batch);
    read(objective, { batch, answer, training: false });
    expect(statistics(model)).toEqual(fresh);
    (model.layers[0] as LayersModel).trainable = false;
    const frozen = await objectiveOf(model, [hardTarget()]);
    read(frozen, { batch, answer, training: true });
    expect(statistics(model)).toEqual(fresh);
    expect(frozen.trainable.map(({ name }) => name)).toEqual(['hidden/kernel', 'hidden/bias']);
  });
});

describe('conventions', () => {
  /** Two models with the same weights but different final activations give the same losses. */
  const totals = async (
    terms: readonly Term[],
    logits: Convention,
    squashed: Convention,
    activation: 'softmax' | 'sigmoid',
    targets: Batch['targets'],
  ): Promise<{ total: number; gradient: number[] }[]> => {
    const combinations = [
      [logits, logits],
      [logits, squashed],
      [squashed, logits],
      [squashed, squashed],
    ] as const;
    return Promise.all(
      combinations.map(async ([convention, ofTeacher]) => {
        const ends = (convention: Convention) => (convention === logits ? 'linear' : activation);
        const objective = await objectiveOf(studentModel(ends(convention)), terms, {
          teacher: teacherModel(ends(ofTeacher)),
          convention,
          ofTeacher,
        });
        const given = { ...batch, ...(targets === undefined ? {} : { targets }) };
        const request = { batch: given, answer: await objective.ask(given), training: true };
        return {
          total: read(objective, request).total,
          gradient: gradients(objective, request)['hidden/kernel'] ?? [],
        };
      }),
    );
  };

  it.each([
    ['logits', 'probabilities', 'softmax', [softTarget({ temperature: 3 }), hardTarget()], batch.targets],
    [
      'sigmoid-logits',
      'sigmoid-probabilities',
      'sigmoid',
      [sigmoidSoftTarget({ temperature: 3 }), sigmoidHardTarget()],
      { labels: tensor2d([1, 0, 0.5, 0, 1, 1, 0, 0, 1], [3, 3]) },
    ],
  ] as const)(
    'of %s and of %s give the same losses and gradients',
    async (logits, squashed, activation, terms, targets) => {
      const [first, ...others] = await totals(terms, logits, squashed, activation, targets);
      expect(first?.gradient).toHaveLength(4);
      for (const { total, gradient } of others) {
        expectClose(total, first?.total, { relative: 1e-4, absolute: 1e-5 });
        expectClose(gradient, first?.gradient, { relative: 1e-3, absolute: 1e-4 });
      }
    },
  );
});
