import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher, onlineTeacher } from '@kd/teacher';
import { expectClose, expectKdError, useBackend } from '@kd/testing';
import { memory, train as optimizers } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { examples, net, numbersOf } from '../../test/small.js';
import { train, trainTogether } from '../index.js';
import type { TogetherOptions, TrainEvent } from '../index.js';

await useBackend('cpu');

const data = examples(8);
const sgd = () => optimizers.sgd(0.5);
const whole = { data, batchSize: 8, epochs: 3, optimizer: sgd };
const learning = (model: LayersModel, peer: LayersModel): Recipe =>
  defineRecipe({
    student: { model, convention: 'logits' },
    teacher: onlineTeacher(peer, { convention: 'logits' }),
    terms: [hardTarget(), softTarget({ temperature: 2 })],
  });
const pair = (): { a: LayersModel; b: LayersModel; recipes: { a: Recipe; b: Recipe } } => {
  const [a, b] = [net(1), net(5)];
  return { a, b, recipes: { a: learning(a, b), b: learning(b, a) } };
};

describe('two students', () => {
  it("take turns, each learning from the other's current weights", async () => {
    const { a, b, recipes } = pair();
    const runs = await trainTogether(recipes, whole);

    const [alone, other] = [net(1), net(5)];
    const stepOf = (model: LayersModel, peer: LayersModel) =>
      train(
        { ...learning(model, peer), teacher: layersTeacher(peer, { convention: 'logits' }) },
        { ...whole, epochs: 1 },
      );
    const losses: number[] = [];
    for (let step = 0; step < 3; step++) {
      await stepOf(alone, other);
      losses.push((await stepOf(other, alone)).history[0]?.total ?? NaN);
    }
    expectClose(numbersOf(a), numbersOf(alone), { relative: 1e-5, absolute: 1e-6 });
    expectClose(numbersOf(b), numbersOf(other), { relative: 1e-5, absolute: 1e-6 });
    expectClose(runs.b.history.map(({ total }) => total), losses, { relative: 1e-5, absolute: 1e-6 }); // prettier-ignore
    expect(runs.a.student.model).toBe(a);
  });

  it('are the same for the same seed, and leave no tensor behind', async () => {
    const before = memory().numTensors;
    const models: LayersModel[] = [];
    const run = async (seed: number): Promise<number[][]> => {
      const { a, b, recipes } = pair();
      models.push(a, b);
      await trainTogether(recipes, { ...whole, batchSize: 3, seed, optimizer: () => optimizers.adam(0.05) });
      return [numbersOf(a), numbersOf(b)];
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
    models.forEach((model) => model.dispose());
    expect(memory().numTensors).toBe(before);
  });

  it('report their steps by name', async () => {
    const said: string[] = [];
    const onEvent = (name: string, event: TrainEvent): void => {
      if (event.type === 'step') said.push(`${name}${String(event.step)}`);
      if (event.type === 'epoch') said.push(`${name}|`);
    };
    await trainTogether(pair().recipes, { ...whole, batchSize: 4, epochs: 2, onEvent });
    expect(said.join(' ')).toBe('a0 b0 a1 a| b1 b| a2 b2 a3 a| b3 b|');
  });

  it('get their best weights back after the last step of all', async () => {
    const plain = await trainTogether(pair().recipes, whole);
    const { a, recipes } = pair();
    let epoch = 0;
    // Lower is better: the first epoch is the best.
    const score = (): number => (epoch += 1);
    const judged = await trainTogether(recipes, { ...whole, validation: { data: examples(4), score } });
    expect(judged.a.bestEpoch).toBe(0);
    const totals = (runs: typeof plain): number[] => runs.b.history.map(({ total }) => total);
    expect(totals(judged)).toEqual(totals(plain));
    expect(numbersOf(a)).not.toEqual(numbersOf(plain.a.student.model));
  });

  it('keep teaching if they end early', async () => {
    const { a, recipes } = pair();
    const weights: number[][] = [];
    const score = ({ accuracy = 0 }: Readonly<Record<string, number>>): number => 0 * accuracy;
    const runs = await trainTogether(recipes, {
      ...whole,
      epochs: 4,
      validation: { data: examples(4), score, patience: 2 },
      onEvent: (name, { type }) => {
        if (name === 'b' && type === 'epoch') weights.push(numbersOf(a));
      },
    });
    expect([runs.a.reason, runs.b.reason]).toEqual(['early', 'early']);
    expect(weights.length).toBe(runs.b.history.length);
  });
});

describe('a student that fails', () => {
  it('is named, and the others stop', async () => {
    const { recipes } = pair();
    const steps: string[] = [];
    const failing = { ...recipes.b, terms: [{ ...hardTarget(), loss: () => { throw new Error('no loss'); } }] }; // prettier-ignore
    const onEvent = (name: string, { type }: TrainEvent): void => {
      if (type === 'step') steps.push(name);
    };
    await expect(trainTogether({ a: recipes.a, b: failing }, { ...whole, onEvent })).rejects.toThrow(
      'no loss',
    );
    expect(steps).toEqual(['a']);
  });

  it('has its name in our errors', async () => {
    const { a, b, recipes } = pair();
    const wild = learning(b, a);
    await expectKdError(
      () =>
        trainTogether({ a: recipes.a, wild }, { ...whole, batchSize: 2, epochs: 40, optimizer: () => optimizers.sgd(3e38) }), // prettier-ignore
      // The other one diverged one step earlier.
      'KD_TEACHER_NOT_FINITE',
      'the student "',
    );
  });

  it('does not prevent an abort', async () => {
    const controller = new AbortController();
    const runs = await trainTogether(pair().recipes, {
      ...whole,
      epochs: 50,
      signal: controller.signal,
      onEvent: (name, event) => {
        if (name === 'b' && event.type === 'step' && event.step === 2) controller.abort();
      },
    });
    expect([runs.a.reason, runs.b.reason]).toEqual(['aborted', 'aborted']);
    expect([runs.a.history.length, runs.b.history.length]).toEqual([3, 2]);
  });
});

describe('refuses', () => {
  const { a, recipes } = pair();
  it.each<[string, unknown, unknown, string, ...string[]]>([
    ['one recipe', { a: recipes.a }, whole, 'KD_OPTION_TYPE', 'recipes'],
    ['null', null, whole, 'KD_OPTION_TYPE', 'null'],
    [
      'one model twice',
      { a: recipes.a, b: learning(a, a) },
      whole,
      'KD_OPTION_TYPE',
      'recipes.b.student.model',
      'that of recipes.a',
    ],
    ['callbacks', recipes, { ...whole, callbacks: [] }, 'KD_OPTION_UNKNOWN', 'options.callbacks'],
    ['checkpoints', recipes, { ...whole, checkpoint: {} }, 'KD_OPTION_UNKNOWN', 'options.checkpoint'],
    ['no epochs', recipes, { ...whole, epochs: 0 }, 'KD_OPTION_RANGE', 'trainTogether', 'options.epochs'],
    [
      'onEvent that is not a function',
      recipes,
      { ...whole, onEvent: 1 },
      'KD_OPTION_TYPE',
      'options.onEvent',
    ],
    ['no options', recipes, undefined, 'KD_OPTION_TYPE', 'options'],
  ])('%s', async (_, given, options, code, ...facts) => {
    await expectKdError(
      () => trainTogether(given as typeof recipes, options as TogetherOptions),
      code,
      ...facts,
    );
  });
});
