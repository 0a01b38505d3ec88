import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { KdError } from '@kd/core';
import type { Term } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train as optimizers } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { dense, examples, recorder, weightsOf } from '../test/small.js';
import { train, trainStages } from './index.js';
import type { Stage, StagesOptions } from './index.js';

await useBackend('cpu');

/** Square layers of equal shape: weights restored by position would go to the wrong ones without an error. */
function student(seed = 1): LayersModel {
  return sequential({
    name: 'student',
    layers: [
      dense(seed, { name: 'one', units: 3, activation: 'tanh', inputShape: [2] }),
      dense(seed + 1, { name: 'two', units: 3, activation: 'tanh' }),
      layers.batchNormalization({ name: 'norm' }),
      dense(seed + 2, { name: 'three', units: 3, activation: 'tanh' }),
      dense(seed + 3, { name: 'four', units: 3 }),
    ],
  });
}
const stage = (name: string, more: Partial<Stage> = {}): Stage => ({
  name,
  terms: [hardTarget()],
  epochs: 2,
  optimizer: () => optimizers.adam(0.05),
  ...more,
});
const options = (more: Partial<StagesOptions> = {}): StagesOptions => ({
  data: examples(8),
  batchSize: 4,
  ...more,
});
const of = (model: LayersModel, ...stages: Stage[]): Parameters<typeof trainStages>[0] => ({
  student: { model, convention: 'logits' },
  stages,
});
const changed = (before: Record<string, number[]>, after: Record<string, number[]>): string[] =>
  Object.keys(before).filter((name) =>
    before[name]?.some((value, index) => !Object.is(value, after[name]?.[index])),
  );

describe('the layers that a stage trains', () => {
  it('change, and no byte of the others does, including statistics', async () => {
    const model = student();
    const before = weightsOf(model);
    await trainStages(of(model, stage('lower', { trainable: ['one', 'two'] })), options());
    const between = weightsOf(model);
    expect(changed(before, between)).toEqual(['one/kernel', 'one/bias', 'two/kernel', 'two/bias']);
    await trainStages(of(model, stage('norm', { trainable: ['norm'] })), options());
    expect(changed(between, weightsOf(model))).toEqual([
      'norm/gamma',
      'norm/beta',
      'norm/moving_mean',
      'norm/moving_variance',
    ]);
  });

  it('get their flags back afterwards, also after an error', async () => {
    const model = student();
    (model.getLayer('four') as { trainable: boolean }).trainable = false;
    const flags = (): boolean[] =>
      model.layers.flatMap(({ trainable, weights }) => [
        trainable,
        ...weights.map((weight) => weight.trainable),
      ]);
    const before = flags();
    const during: boolean[] = [];
    const onEvent = ({ type }: { type: string }): void => {
      if (type === 'step') during.push(model.getLayer('one').trainable, model.getLayer('two').trainable);
    };
    await trainStages(of(model, stage('two', { trainable: ['two'], epochs: 1 })), options({ onEvent }));
    expect(during).toEqual([false, true, false, true]);
    expect(flags()).toEqual(before);
    const failing: Term = {
      ...hardTarget(),
      afterStep: () => {
        throw new Error('no');
      },
    };
    await expect(
      trainStages(of(model, stage('x', { trainable: ['two'], terms: [failing] })), options()),
    ).rejects.toThrow('no');
    await expectKdError(
      () =>
        trainStages(
          of(model, stage('x', { trainable: ['two'], terms: [softTarget({ temperature: 1 })] })),
          options(),
        ),
      'KD_TERM_NEEDS',
    );
    expect(flags()).toEqual(before);
  });

  it('do not include layers frozen in the model itself', async () => {
    const model = student();
    model.getLayer('two').trainable = false;
    const before = weightsOf(model);
    await trainStages(of(model, stage('lower', { trainable: ['one', 'two'] })), options());
    expect(changed(before, weightsOf(model))).toEqual(['one/kernel', 'one/bias']);
  });

  it('may be a nested model as a whole', async () => {
    const inner = sequential({
      name: 'inner',
      layers: [dense(1, { name: 'a', units: 2, inputShape: [2] }), dense(2, { name: 'b', units: 2 })],
    });
    const model = sequential({ layers: [dense(3, { name: 'stem', units: 2, inputShape: [2] })] });
    model.add(inner);
    model.add(dense(4, { name: 'head', units: 3 }));
    const before = weightsOf(model);
    await trainStages(of(model, stage('inner', { trainable: ['inner'] })), options());
    expect(changed(before, weightsOf(model)).every((name) => name.startsWith('inner/'))).toBe(true);
  });
});

describe('a stage', () => {
  it('has a fresh optimizer: it ends as a separate training that begins with its initial weights', async () => {
    const [together, apart] = [student(), student()];
    const second = stage('second', { epochs: 3 });
    await trainStages(of(together, stage('first'), second), options({ batchSize: 8 }));
    await trainStages(of(apart, stage('first')), options({ batchSize: 8 }));
    await trainStages(of(apart, second), options({ batchSize: 8 }));
    for (const [name, expected] of Object.entries(weightsOf(apart))) {
      // Not bit for bit: the examples are summed in another order.
      expectClose(weightsOf(together)[name] ?? [], expected, { relative: 1e-3, absolute: 1e-4 });
    }
  });

  it('is the same training as `train`', async () => {
    const [staged, plain] = [student(), student()];
    const run = await trainStages(of(staged, stage('training')), options({ seed: 3 }));
    const recipe: Recipe = defineRecipe({
      student: { model: plain, convention: 'logits' },
      terms: [hardTarget()],
    });
    const { history } = await train(recipe, {
      ...options({ seed: 3 }),
      epochs: 2,
      optimizer: () => optimizers.adam(0.05),
    });
    expect(weightsOf(staged)).toEqual(weightsOf(plain));
    const withoutTime = (records: readonly { seconds: number }[]): unknown =>
      records.map((record) => ({ ...record, seconds: 0 }));
    expect(withoutTime(run.stages[0]?.history ?? [])).toEqual(withoutTime(history));
  });

  it('ends with the weights of its best epoch, restored by name, whatever it has frozen', async () => {
    const model = student();
    const seen: Record<string, number[]>[] = [];
    // The check before the first step also computes a score for each stage.
    const scores = [9, 9, 1, 3, 3, 2, 0, 1];
    const earlyStopping = { score: () => scores.shift() ?? NaN, patience: 2 };
    const data = examples(5);
    const ended = await trainStages(
      of(
        model,
        stage('lower', { trainable: ['one', 'three'], epochs: 9, earlyStopping }),
        stage('all', { epochs: 3, earlyStopping }),
      ),
      options({ validation: { data }, callbacks: [{ onEpochEnd: () => void seen.push(weightsOf(model)) }] }),
    );
    expect(ended.stages.map(({ reason, bestEpoch, history }) => [reason, bestEpoch, history.length])).toEqual(
      [
        ['early', 0, 3],
        ['finished', 1, 3],
      ],
    );
    expect(weightsOf(model)).toEqual(seen[4]);
    expect(changed(seen[0] ?? {}, seen[2] ?? {}).every((name) => /^(one|three)/.test(name))).toBe(true);
  });

  it('may be judged by its own losses, without labels', async () => {
    const teacher = layersTeacher(student(5), { convention: 'logits' });
    const { inputs } = examples(8);
    const model = student();
    const soft = stage('soft', {
      terms: [softTarget({ temperature: 2, weight: 3 })],
      earlyStopping: { metrics: 'losses' },
    });
    const run = await trainStages(
      { ...of(model, soft), teacher },
      { data: { inputs }, batchSize: 8, validation: { data: { inputs }, batchSize: 3 } },
    );
    const last = run.stages[0]?.history.at(-1)?.validation;
    expect(Object.keys(last ?? {})).toEqual(['soft', 'loss']);
    expectClose(last?.['loss'] ?? NaN, 3 * (last?.['soft'] ?? NaN), { relative: 1e-6, absolute: 0 });
    // One batch of all of them: the mean over batches of 3, 3 and 2 must equal the mean over examples.
    const again = await trainStages(
      {
        ...of(
          model,
          stage('none', {
            terms: [softTarget({ temperature: 2 })],
            optimizer: () => optimizers.sgd(0),
            trainable: ['four'],
            epochs: 1,
            earlyStopping: { metrics: 'losses' },
          }),
        ),
        teacher,
      },
      { data: { inputs }, batchSize: 8, validation: { data: { inputs }, batchSize: 8 } },
    );
    expectClose(again.stages[0]?.history[0]?.validation?.['soft'] ?? NaN, last?.['soft'], {
      relative: 1e-5,
      absolute: 0,
    });
  });

  it('reports its name and index in its events', async () => {
    const { events, onEvent } = recorder();
    await trainStages(
      of(student(), stage('a', { epochs: 1 }), stage('b', { epochs: 1 })),
      options({ onEvent }),
    );
    const told = events.map((event) => [event.type, event.stage, event.type === 'start' ? event.name : '']);
    const ofStage = (index: number, name: string): unknown[] => [
      ['start', index, name],
      ['step', index, ''],
      ['step', index, ''],
      ['epoch', index, ''],
      ['end', index, ''],
    ];
    expect(told).toEqual([...ofStage(0, 'a'), ...ofStage(1, 'b')]);
  });

  it('does not begin when the previous one was aborted', async () => {
    const controller = new AbortController();
    const run = await trainStages(
      of(student(), stage('a'), stage('b')),
      options({
        signal: controller.signal,
        onEvent: ({ type }) => {
          if (type === 'step') controller.abort();
        },
      }),
    );
    expect(run.stages.map(({ name, reason }) => [name, reason])).toEqual([['a', 'aborted']]);
    expect(run.reason).toBe('aborted');
  });

  it('leaks nothing', async () => {
    const model = student();
    const teacher = layersTeacher(student(5), { convention: 'logits' });
    const terms = [softTarget({ temperature: 2 })];
    await expectNoLeak(async () => {
      await trainStages(
        {
          ...of(
            model,
            stage('a', { terms, trainable: ['one'], earlyStopping: { metrics: 'losses', patience: 1 } }),
            stage('b', { learningRateMultipliers: { one: 0.1 }, accumulationSteps: 2 }),
          ),
          teacher,
        },
        options({ validation: { data: examples(5) } }),
      );
    });
  });
});

describe('learning rates', () => {
  it.each([
    ['sgd', () => optimizers.sgd(0.1)],
    ['adam', () => optimizers.adam(0.1)],
    ['rmsprop', () => optimizers.rmsprop(0.1)],
  ])('scale the first step of %s, for the named layers', async (_, optimizer) => {
    const steps = await Promise.all(
      [{}, { one: 0.1, three: 0 }].map(async (learningRateMultipliers) => {
        const model = student();
        const before = weightsOf(model);
        await trainStages(
          of(model, stage('s', { optimizer, learningRateMultipliers, epochs: 1 })),
          options({ batchSize: 8 }),
        );
        const after = weightsOf(model);
        return (name: string): number[] =>
          (after[name] ?? []).map((value, index) => value - (before[name]?.[index] ?? 0));
      }),
    );
    const [full, scaled] = steps as [(name: string) => number[], (name: string) => number[]];
    expectClose(
      scaled('one/kernel'),
      full('one/kernel').map((x) => 0.1 * x),
      { relative: 1e-3, absolute: 1e-7 },
    );
    expect(scaled('three/kernel').every((x) => x === 0)).toBe(true);
    expect(scaled('two/kernel')).toEqual(full('two/kernel'));
  });

  it.each([[{ body: 0, 'body/one': 1 }], [{ 'body/one': 1, body: 0 }]])(
    'are those of the longest path: %j',
    async (learningRateMultipliers) => {
      const body = sequential({
        name: 'body',
        layers: [dense(1, { name: 'one', units: 3, inputShape: [2] }), dense(2, { name: 'two', units: 3 })],
      });
      const model = sequential({ layers: [body, dense(3, { name: 'head', units: 3 })] });
      const before = weightsOf(model);
      await trainStages(of(model, stage('s', { learningRateMultipliers })), options());
      expect(changed(before, weightsOf(model)).filter((name) => name.endsWith('kernel'))).toEqual([
        'body/one/kernel',
        'head/kernel',
      ]);
    },
  );
});

describe('several batches per step', () => {
  it('make the step of one batch of all their examples', async () => {
    const plain = (model: LayersModel, batchSize: number, accumulationSteps: number): Promise<unknown> =>
      trainStages(
        of(model, stage('s', { trainable: ['one', 'two', 'three', 'four'], accumulationSteps, epochs: 3 })),
        { data: examples(10), batchSize, seed: 2 },
      );
    const { events, onEvent } = recorder();
    const [many, few] = [student(), student()];
    await trainStages(
      of(many, stage('s', { trainable: ['one', 'two', 'three', 'four'], accumulationSteps: 3, epochs: 3 })),
      { data: examples(10), batchSize: 2, seed: 2, onEvent },
    );
    await plain(few, 6, 1);
    for (const [name, expected] of Object.entries(weightsOf(few))) {
      expectClose(weightsOf(many)[name] ?? [], expected, { relative: 1e-4, absolute: 1e-5 });
    }
    // 10 examples are five batches of 2: steps of 6 and of 4 examples.
    expect(events.flatMap((event) => (event.type === 'step' ? [event.examples] : []))).toEqual([
      6, 4, 6, 4, 6, 4,
    ]);
  });

  it('are weighted by their numbers of examples', async () => {
    const trainable = ['one', 'two', 'three', 'four'];
    const [many, few] = [student(), student()];
    for (const [model, batchSize, accumulationSteps] of [
      [many, 4, 2],
      [few, 5, 1],
    ] as const) {
      await trainStages(of(model, stage('s', { trainable, accumulationSteps, epochs: 3 })), {
        ...{ data: examples(5), batchSize, seed: 2 },
      });
    }
    for (const [name, expected] of Object.entries(weightsOf(few))) {
      expectClose(weightsOf(many)[name] ?? [], expected, { relative: 1e-4, absolute: 1e-5 });
    }
  });

  it('count as one step of an epoch, and of a stream', async () => {
    const { of: events, onEvent } = recorder();
    await trainStages(of(student(), stage('s', { accumulationSteps: 2, epochs: 1 })), {
      data: examples(10),
      batchSize: 1,
      stepsPerEpoch: 3,
      onEvent,
    });
    expect(events('step').map(({ examples: count }) => count)).toEqual([2, 2, 2]);
    expect(events('start')[0]?.stepsPerEpoch).toBe(3);
  });

  it('refuse terms that relate whole batches', async () => {
    const relation: Term = { ...hardTarget(), name: 'relation', reduces: 'batch' };
    await expectKdError(
      () => trainStages(of(student(), stage('s', { accumulationSteps: 2, terms: [relation] })), options()),
      'KD_TERM_NEEDS',
      'stages[0].accumulationSteps',
      '"relation"',
    );
  });
});

describe('a mistake', () => {
  it('in the last stage is found before the first step of the first', async () => {
    const { events, onEvent } = recorder();
    const late = [
      stage('late', { terms: [softTarget({ temperature: 2 })] }),
      stage('late', { terms: [{ ...hardTarget(), reads: { student: { ones: 'ones' } } }] }),
      stage('late', { optimizer: () => 'adam' as never }),
      stage('late', { trainable: ['ones'] }),
    ];
    for (const last of late) {
      const run = trainStages(of(student(), stage('first'), last), options({ onEvent }));
      expect(KdError.isInstance(await run.catch((error: unknown) => error))).toBe(true);
    }
    expect(events).toEqual([]);
  });

  it.each<[string, Partial<Stage>, string, string]>([
    ['an unknown field', { epoch: 3 } as never, 'KD_OPTION_UNKNOWN', 'stages[0].epoch'],
    ['no name', { name: '' }, 'KD_OPTION_TYPE', 'stages[0].name'],
    ['no epochs', { epochs: 0 }, 'KD_OPTION_RANGE', 'stages[0].epochs'],
    ['no optimizer', { optimizer: 'adam' as never }, 'KD_OPTION_TYPE', 'stages[0].optimizer'],
    ['an unknown layer', { trainable: ['onne'] }, 'KD_LAYER_UNKNOWN', '"one"'],
    ['no list of layers', { trainable: 'one' as never }, 'KD_OPTION_TYPE', 'stages[0].trainable'],
    ['no layer at all', { trainable: [] }, 'KD_GRADIENT_UNAVAILABLE', 'nothing is trainable'],
    [
      'a learning rate of an unknown layer',
      { learningRateMultipliers: { fore: 1 } },
      'KD_LAYER_UNKNOWN',
      'stages[0].learningRateMultipliers',
    ],
    [
      'a negative learning rate',
      { learningRateMultipliers: { four: -1 } },
      'KD_OPTION_RANGE',
      'learningRateMultipliers["four"]',
    ],
    [
      'invalid learning rates',
      { learningRateMultipliers: 3 as never },
      'KD_OPTION_TYPE',
      'stages[0].learningRateMultipliers',
    ],
    ['half a batch per step', { accumulationSteps: 0.5 }, 'KD_OPTION_RANGE', 'stages[0].accumulationSteps'],
    [
      'earlyStopping without a validation set',
      { earlyStopping: { patience: 2 } },
      'KD_TERM_NEEDS',
      'options.validation',
    ],
    [
      'an unknown field of earlyStopping',
      { earlyStopping: { pations: 2 } as never },
      'KD_OPTION_UNKNOWN',
      'stages[0].earlyStopping.pations',
    ],
    [
      'an invalid metric',
      { earlyStopping: { metrics: 'loss' as never } },
      'KD_OPTION_RANGE',
      'stages[0].earlyStopping.metrics',
    ],
    [
      'an invalid score',
      { earlyStopping: { score: 1 as never } },
      'KD_OPTION_TYPE',
      'stages[0].earlyStopping.score',
    ],
    [
      'no patience',
      { earlyStopping: { patience: 0 } },
      'KD_OPTION_RANGE',
      'stages[0].earlyStopping.patience',
    ],
    ['no terms', { terms: [] }, 'KD_BATCH_EMPTY', 'terms'],
  ])('in a stage is named: %s', (_, fault, code, part) =>
    expectKdError(() => trainStages(of(student(), stage('s', fault)), options()), code, part),
  );

  it('in the list of stages is named', async () => {
    await expectKdError(() => trainStages(of(student()), options()), 'KD_BATCH_EMPTY', 'stages');
    await expectKdError(
      () => trainStages({ ...of(student(), stage('a')), student: undefined as never }, options()),
      'KD_OPTION_TYPE',
      'student',
    );
    await expectKdError(
      () => trainStages({ ...of(student()), stages: 3 as never }, options()),
      'KD_OPTION_TYPE',
      'stages',
    );
    await expectKdError(
      () => trainStages(of(student(), stage('a'), stage('a')), options()),
      'KD_OPTION_TYPE',
      'stages[1].name',
    );
    await expectKdError(
      () => trainStages({ ...of(student(), stage('a')), stage: [] } as never, options()),
      'KD_OPTION_UNKNOWN',
      'definition.stage',
    );
    const validation = { data: examples(3), patience: 3 } as never;
    await expectKdError(
      () => trainStages(of(student(), stage('a')), options({ validation })),
      'KD_OPTION_UNKNOWN',
      'options.validation.patience',
    );
  });
});
