// Stages with the optimizers of @kd/optimizers, which the trainer knows only by their interface.
import { adam, adamW, rmsprop, sgd } from '@kd/optimizers';
import { cosine, linear, piecewise, stepDecay, warmUp } from '@kd/schedule';
import { hardTarget } from '@kd/soft-target-loss';
import { backends, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { train as ofTfjs } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../test/memory-store.js';
import { dense, examples, net, numbersOf, onLabels, options, weightsOf } from '../test/small.js';
import { train, trainStages } from './index.js';
import type { CheckpointFiles, Stage, StagesRun } from './index.js';

const rate = warmUp({ epochs: 1, from: 0.005, then: cosine({ from: 0.05, to: 0, epochs: 4 }) });
const makers: [string, () => Optimizer][] = [
  ['sgd', () => sgd({ learningRate: 0.1 })],
  ['sgd with momentum', () => sgd({ learningRate: 0.1, momentum: 0.9, dampening: 0.2 })],
  ['adam', () => adam({ learningRate: 0.05, weightDecay: 0.01 })],
  ['adamW on a schedule', () => adamW({ learningRate: rate, clipNorm: 0.5, maxNorm: 2 })],
  ['rmsprop', () => rmsprop({ learningRate: 0.01, momentum: 0.5, centered: true })],
];

const student = (seed: number): LayersModel =>
  sequential({
    layers: [
      dense(seed, { name: 'one', units: 3, activation: 'tanh', inputShape: [2] }),
      layers.batchNormalization({ name: 'norm' }),
      layers.dropout({ name: 'drop', rate: 0.3 }),
      dense(seed + 1, { name: 'two', units: 3 }),
    ],
  });

const stages = (optimizer: () => Optimizer): Stage[] => [
  { name: 'first', terms: [hardTarget()], trainable: ['two'], epochs: 2, optimizer },
  { name: 'second', terms: [hardTarget()], epochs: 3, optimizer, learningRateMultipliers: { one: 0.5 } },
];

const run = (model: LayersModel, optimizer: () => Optimizer, from?: CheckpointFiles): Promise<StagesRun> =>
  trainStages(
    { student: { model, convention: 'logits' }, stages: stages(optimizer) },
    {
      data: examples(10),
      validation: { data: examples(5) },
      batchSize: 4,
      seed: 7,
      ...(from && { checkpoint: { store: memoryStore([from]), resume: true } }),
    },
  );

async function uninterrupted(
  optimizer: () => Optimizer,
): Promise<[Record<string, number[]>, CheckpointFiles[]]> {
  const model = student(1);
  const store = memoryStore();
  await trainStages(
    { student: { model, convention: 'logits' }, stages: stages(optimizer) },
    {
      data: examples(10),
      validation: { data: examples(5) },
      batchSize: 4,
      seed: 7,
      checkpoint: { store, everySteps: 1 },
    },
  );
  return [weightsOf(model), store.saved];
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(makers)('%s resumes from any checkpoint bit for bit', async (_, optimizer) => {
    const [weights, saved] = await uninterrupted(optimizer);
    expect(saved.length).toBeGreaterThan(15);
    // In the middle of either stage, and between the two.
    for (const files of [saved[1], saved[7], saved[12]]) {
      const model = student(50);
      await run(model, optimizer, files);
      expect(weightsOf(model)).toEqual(weights);
    }
  });

  it.each(makers)('%s leaks nothing', async (_, optimizer) => {
    const model = student(1);
    await run(model, optimizer);
    await expectNoLeak(async () => {
      await run(model, optimizer);
    });
    const [, saved] = await uninterrupted(optimizer);
    const again = student(50);
    await expectNoLeak(async () => {
      await run(again, optimizer, saved[3]);
    });
  });
});

describe('a schedule of the learning rate', () => {
  beforeAll(() => useBackend('cpu'));

  const after = async (optimizer: () => Optimizer, epochs = 3): Promise<number[]> => {
    const model = net();
    await train(onLabels(model), options(examples(8), { epochs, optimizer, seed: 3 }));
    return numbersOf(model);
  };

  it('sees the epoch, and changes the steps', async () => {
    const halved = stepDecay({ from: 0.4, factor: 0.5, epochs: 1 });
    // Two steps an epoch.
    const bySteps = stepDecay({ from: 0.4, factor: 0.5, steps: 2 });
    const weights = await after(() => sgd({ learningRate: halved }));
    expect(weights).toEqual(await after(() => sgd({ learningRate: bySteps })));
    expect(weights).not.toEqual(await after(() => sgd({ learningRate: 0.4 })));
  });

  it('moves nothing from the epoch on at which it is zero', async () => {
    const ends = piecewise({ from: 0.4, at: [{ epoch: 1, value: 0 }] });
    expect(await after(() => sgd({ learningRate: ends }))).toEqual(
      await after(() => sgd({ learningRate: 0.4 }), 1),
    );
  });

  it('is an error that names the step if it gives no rate, and leaks nothing', async () => {
    const model = net();
    const data = examples(8);
    const learningRate = linear({ from: 0.1, to: -0.1, steps: 4 });
    const learningRateMultipliers = { [model.layers[0]?.name ?? '']: 0.5 };
    await train(onLabels(model), options(data));
    await expectNoLeak(() =>
      expectKdError(
        () =>
          train(
            onLabels(model),
            options(data, { epochs: 2, optimizer: () => sgd({ learningRate }), learningRateMultipliers }),
          ),
        'KD_OPTION_RANGE',
        'sgd',
        'step 3',
        '-0.05',
      ),
    );
  });

  it('is compared with the checkpoint', async () => {
    const [, saved] = await uninterrupted(() =>
      adam({ learningRate: linear({ from: 0.1, to: 0, epochs: 4 }) }),
    );
    await expectKdError(
      () => run(student(50), () => adam({ learningRate: linear({ from: 0.1, to: 0, epochs: 5 }) }), saved[1]),
      'KD_CHECKPOINT_MISMATCH',
      'stages[0].optimizer.learningRate[1]',
    );
  });
});

describe('a step of adam', () => {
  beforeAll(() => useBackend('cpu'));

  it('is not confused with that of the adam of tfjs in a checkpoint', async () => {
    const [, saved] = await uninterrupted(() => ofTfjs.adam(0.05));
    await expectKdError(
      () => run(student(50), () => adam({ learningRate: 0.05 }), saved[1]),
      'KD_CHECKPOINT_MISMATCH',
      'stages[0].optimizer.class',
      'stages[0].optimizer.class of the checkpoint memory-1',
    );
  });
});

describe('factors on the learning rate', () => {
  beforeAll(() => useBackend('cpu'));

  it.each([
    ['sgd', (learningRate: number) => sgd({ learningRate, momentum: 0.9, weightDecay: 0.1 })],
    ['adam', (learningRate: number) => adam({ learningRate, clipNorm: 0.1 })],
    ['adamW', (learningRate: number) => adamW({ learningRate, weightDecay: 0.1 })],
  ])('have the effect of another rate, with %s', async (_, make) => {
    const models = [net(), net()] as const;
    const names = models.map(
      ({ layers: [first, second] }) => [first?.name ?? '', second?.name ?? ''] as const,
    );
    await train(
      onLabels(models[0]),
      options(examples(8), {
        optimizer: () => make(0.2),
        learningRateMultipliers: { [names[0]?.[0] ?? '']: 0.5, [names[0]?.[1] ?? '']: 0.5 },
      }),
    );
    await train(onLabels(models[1]), options(examples(8), { optimizer: () => make(0.1) }));
    const [scaled, own] = models.map(numbersOf);
    scaled?.forEach((value, index) => {
      expect(value).toBeCloseTo(own?.[index] ?? NaN, 6);
    });
  });
});
