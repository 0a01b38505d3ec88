// What a training does with the modules of its terms, whatever stages name them.
import { defineModule, defineTerm, frozen } from '@kd/core';
import type { Module, Term, TermDefinition } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { layersTeacher } from '@kd/teacher';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import {
  add,
  dispose,
  mean,
  mul,
  ones,
  scalar,
  square,
  squaredDifference,
  sub,
  train as optimizers,
  variable,
} from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { dense, examples, numbersOf, values } from '../test/small.js';
import { train, trainStages } from './index.js';
import type { Stage, TrainOptions } from './index.js';

await useBackend('cpu');

const data = examples(16);
const adam = () => optimizers.adam(0.01);
const student = () =>
  ({
    model: sequential({
      layers: [
        dense(1, { name: 'thin_hidden', units: 3, activation: 'relu', inputShape: [2] }),
        dense(2, { name: 'thin_out', units: 3 }),
      ],
    }),
    convention: 'logits',
  }) as const;
const teacher = () =>
  layersTeacher(
    sequential({
      layers: [
        dense(3, { name: 'wide_hidden', units: 9, activation: 'relu', inputShape: [2] }),
        dense(4, { name: 'wide_out', units: 3 }),
      ],
    }),
    { convention: 'logits' },
  );
const logits = { as: 'logits' } as const;
const distance = (a: Tensor, b: Tensor): Tensor => mean(squaredDifference(a, b), -1);

/** A module of one number. */
const scaleFrom = (start: number): Module<{ value: Variable }> =>
  defineModule({
    name: 'scale',
    reads: {},
    build: () => ({ value: variable<never>(scalar(start) as never) }),
  });

type Reads = {
  readonly student: { readonly out: typeof logits };
  readonly teacher: { readonly out: typeof logits };
};
type Scaled = TermDefinition<
  Reads,
  { readonly scale: Module<{ value: Variable }> },
  never,
  { readonly value: Tensor }
>;

/** The outputs of the student times the number, against those of the teacher. */
const scaled = (scale: Module<{ value: Variable }>, more: Partial<Scaled> = {}): Term =>
  defineTerm<Reads, { readonly scale: Module<{ value: Variable }> }, never, { readonly value: Tensor }>({
    name: 'scaled',
    reads: { student: { out: logits }, teacher: { out: logits } },
    modules: { scale },
    loss: (batch) => ({
      values: distance(mul(batch.student.out, batch.modules.scale.value), batch.teacher.out),
      carry: { value: batch.modules.scale.value },
    }),
    ...more,
  });
const stage = (name: string, term: Term, more: Partial<Stage> = {}): Stage => ({
  name,
  terms: [term],
  epochs: 1,
  optimizer: adam,
  ...more,
});
const keptValue = (modules: Readonly<Record<string, object>>): number => {
  const { value } = modules['scale'] as { readonly value: Variable };
  const [number = NaN] = values(value);
  value.dispose();
  return number;
};

describe('a stage that trains a module alone', () => {
  const scale = scaleFrom(0.5);
  const runs: string[] = [];
  const paraphrase = defineTerm({
    name: 'paraphrase',
    reads: { teacher: { hidden: 'wide_hidden' } },
    modules: { scale },
    loss: ({ teacher: { hidden }, modules }) => ({
      values: distance(mul(hidden, modules.scale.value), hidden),
    }),
  });

  it('moves it, and leaves the student as it is, which does not run', async () => {
    const learner = student();
    const before = numbersOf(learner.model);
    const stages = [stage('paraphraser', paraphrase, { trainable: [] })];
    const { reason, modules } = await trainStages(
      { student: learner, teacher: teacher(), stages },
      { data, keep: ['scale'] },
    );
    expect(reason).toBe('finished');
    expect(numbersOf(learner.model)).toEqual(before);
    expect(keptValue(modules)).not.toBe(0.5);
    expect(runs).toEqual([]);
  });

  it('refuses layers that its loss does not reach, and names the option that excludes them', () =>
    expectKdError(
      () =>
        trainStages({ student: student(), teacher: teacher(), stages: [stage('all', paraphrase)] }, { data }),
      'KD_GRADIENT_UNAVAILABLE',
      'the trainable weights',
    ));
});

describe('a module in two stages', () => {
  const seen: number[][] = [[], []];
  const scale = scaleFrom(1);
  const watching = (index: number, module = scale): Term =>
    scaled(module, { afterStep: ({ carry }) => void seen[index]?.push(values(carry.value)[0] ?? NaN) });
  beforeAll(async () => {
    const stages = [stage('one', watching(0), { epochs: 3 }), stage('two', watching(1, frozen(scale)))];
    const { modules } = await trainStages(
      { student: student(), teacher: teacher(), stages },
      { data, keep: ['scale'] },
    );
    seen.push([keptValue(modules)]);
  });

  it('is trained in the first, and continues in the second where the first ended', () => {
    const [first = [], second = [], [end] = []] = seen;
    expect(new Set(first).size).toBe(first.length);
    // The carry is the number before the step, so the first of the second stage is one step further.
    expect(second[0]).not.toBe(1);
    expect(second[0]).not.toBe(first.at(-1));
    expect(new Set([...second, end]).size).toBe(1);
  });
});

describe('a module, by its name,', () => {
  const trained = async (more: Partial<TrainOptions>): Promise<[student: boolean, module: boolean]> => {
    const learner = student();
    const before = numbersOf(learner.model);
    const recipe = defineRecipe({ student: learner, teacher: teacher(), terms: [scaled(scaleFrom(1))] });
    const options = { data, epochs: 1, optimizer: adam, keep: ['scale'], ...more };
    const { modules } = await train(recipe, options);
    const moved = numbersOf(learner.model).some((weight, index) => weight !== before[index]);
    return [moved, keptValue(modules) !== 1];
  };

  it('learns with the student', async () => {
    expect(await trained({})).toEqual([true, true]);
  });

  it('has a learning rate, of which 0 freezes it', async () => {
    expect(await trained({ learningRateMultipliers: { scale: 0 } })).toEqual([true, false]);
    expect(await trained({ learningRateMultipliers: { 'scale/value': 0 } })).toEqual([true, false]);
  });

  it('can be chosen to learn', async () => {
    expect(await trained({ trainable: ['scale'] })).toEqual([false, true]);
  });

  it('is kept for the caller, who disposes it', async () => {
    const recipe = defineRecipe({ student: student(), teacher: teacher(), terms: [scaled(scaleFrom(1))] });
    const options = { data, epochs: 1, optimizer: adam };
    await expectNoLeak(async () => {
      const { modules } = await train(recipe, { ...options, keep: ['scale'] });
      expect(Object.keys(modules)).toEqual(['scale']);
      dispose(Object.values(modules['scale'] ?? {}) as Tensor[]);
      expect((await train(recipe, options)).modules).toEqual({});
    });
    const misspelt = { ...options, keep: ['scal'] };
    await expectKdError(() => train(recipe, misspelt), 'KD_OPTION_UNKNOWN', 'options.keep', '"scal"');
  });
});

describe('a module made of layers', () => {
  it('learns, and is disposed', async () => {
    const model = sequential({ layers: [layers.dense({ units: 3, inputShape: [3] })] });
    const net = defineModule({ name: 'net', reads: {}, build: () => ({ model }) });
    const term = defineTerm({
      name: 'regressed',
      reads: { student: { out: logits }, teacher: { out: logits } },
      modules: { net },
      loss: (batch) => ({ values: distance(batch.modules.net.model(batch.student.out), batch.teacher.out) }),
    });
    const before = numbersOf(model);
    const variables = model.weights.map((weight) => weight.read() as Variable);
    const recipe = defineRecipe({ student: student(), teacher: teacher(), terms: [term] });
    const { modules } = await train(recipe, { data, epochs: 1, optimizer: adam, keep: ['net'] });
    expect(modules['net']).toEqual({ model });
    expect(numbersOf(model)).not.toEqual(before);
    await train(defineRecipe({ student: student(), teacher: teacher(), terms: [term] }), { data, epochs: 1, optimizer: adam }); // prettier-ignore
    expect(variables.every(({ isDisposed }) => isDisposed)).toBe(true);
  });
});

describe('a module of a stage that is judged by its losses', () => {
  it('ends with its state after the best epoch', async () => {
    const afterEpochs: number[] = [];
    // The number moves towards 10, yet each later epoch is worse than the first.
    const pulled = defineTerm({
      name: 'pulled',
      reads: { student: { out: logits } },
      modules: { scale: scaleFrom(0) },
      scalars: { worse: ({ epoch }) => 1000 * epoch },
      loss: ({ student: { out }, modules: { scale }, scalars }) => {
        const off = square(sub(scale.value, 10));
        return {
          values: add(mul(mean(out, -1), 0), mul(add(off, scalars.worse), ones([out.shape[0]]))),
        };
      },
      afterStep: ({ modules: { scale } }) => void afterEpochs.push(values(scale.value)[0] ?? NaN),
    });
    const more = {
      epochs: 3,
      optimizer: () => optimizers.sgd(0.05),
      earlyStopping: { metrics: 'losses' },
    } as const;
    const { stages, modules } = await trainStages(
      { student: student(), stages: [stage('one', pulled, more)] },
      { data, batchSize: 16, validation: { data }, keep: ['scale'] },
    );
    expect(stages[0]?.bestEpoch).toBe(0);
    expect(new Set(afterEpochs).size).toBe(3);
    expect(keptValue(modules)).toBe(afterEpochs[0]);
  });
});
