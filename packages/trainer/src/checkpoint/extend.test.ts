import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { train as optimizers } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { hardTarget } from '@kd/soft-target-loss';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.js';
import { dense, examples, onLabels, options, recorder, weightsOf } from '../../test/small.js';
import { loadCheckpointWeights, train, trainStages } from '../index.js';
import type { CheckpointStore, Run, StagesRun, TrainOptions } from '../index.js';

await useBackend('cpu');

const net = (seed = 1): LayersModel =>
  sequential({
    layers: [
      dense(seed, { name: 'hidden', units: 4, activation: 'tanh', inputShape: [2] }),
      layers.batchNormalization({ name: 'norm' }),
      layers.dropout({ name: 'drop', rate: 0.3 }),
      dense(seed + 1, { name: 'logits', units: 3 }),
    ],
  });

const withoutTime = (run: Pick<Run, 'history'>): unknown => ({
  ...run,
  student: undefined,
  history: run.history.map((record) => ({ ...record, seconds: 0 })),
});

const trained = async (
  store: CheckpointStore,
  epochs: number,
  more: Partial<TrainOptions> = {},
): Promise<{ run: Run; weights: Record<string, number[]> }> => {
  // A resumed training replaces these weights.
  const model = net();
  const resume = { store, resume: true };
  const optimizer = (): ReturnType<typeof optimizers.adam> => optimizers.adam(0.2);
  const given = options(examples(12), { epochs, optimizer, checkpoint: resume, seed: 3, ...more });
  const run = await train(onLabels(model), given);
  return { run, weights: weightsOf(model) };
};

/** Of three epochs the second is the best, of five the fourth, whatever the dropout of a backend does. */
const { history } = (await trained(memoryStore(), 5, { validation: { data: examples(6) } })).run;
const [, second, , fourth] = history.map(({ validation }) => validation?.['loss']);
const scored = (): NonNullable<TrainOptions['validation']> => ({
  data: examples(6),
  score: ({ loss }) => (loss === fourth ? 0 : loss === second ? 1 : 2),
});

describe('a training that has ended', () => {
  it.each([
    ['without a validation set', () => ({}), [undefined, undefined]],
    ['that ended with its best epoch', () => ({ validation: scored() }), [1, 3]],
  ])('%s is extended as if it had had these epochs from the start', async (_, more, bestEpochs) => {
    const whole = await trained(memoryStore(), 5, more());
    const store = memoryStore();
    const part = await trained(store, 3, more());
    expect([part, whole].map(({ run: { bestEpoch } }) => bestEpoch)).toEqual(bestEpochs);
    const { of, onEvent } = recorder();
    const { run, weights } = await trained(store, 5, { ...more(), onEvent });
    expect(of('epoch').map(({ epoch }) => epoch)).toEqual([3, 4]);
    expect(weights).toEqual(whole.weights);
    expect(weights).not.toEqual(part.weights);
    expect(withoutTime(run)).toEqual(withoutTime(whole.run));
  });

  it('goes on from its last weights, not from those of its best epoch, which may stay the best', async () => {
    let calls = 0;
    // The first epoch stays the best; the score is also computed once before the first step.
    const validation = (): NonNullable<TrainOptions['validation']> => ({
      data: examples(6),
      score: () => ++calls,
    });
    const whole = await trained(memoryStore(), 5, { validation: validation() });
    calls = 0;
    const store = memoryStore();
    const part = await trained(store, 3, { validation: validation() });
    const { run, weights } = await trained(store, 5, { validation: validation() });
    expect(run.bestEpoch).toBe(0);
    expect(run.history.map(({ total }) => total)).toEqual(whole.run.history.map(({ total }) => total));
    expect(weights).toEqual(part.weights);
    expect(weights).toEqual(whole.weights);
  });

  it('is extended several times, also after an interruption', async () => {
    const whole = await trained(memoryStore(), 5, { validation: scored() });
    const store = memoryStore();
    await trained(store, 1, { validation: scored() });
    await trained(store, 2, { validation: scored() });
    const stop = new AbortController();
    const onEvent: TrainOptions['onEvent'] = ({ type }) => {
      if (type === 'step') stop.abort();
    };
    await trained(store, 4, { validation: scored(), signal: stop.signal, onEvent });
    const { weights } = await trained(store, 5, { validation: scored() });
    expect(weights).toEqual(whole.weights);
  });

  it('gives its result at once for the same number of epochs', async () => {
    const store = memoryStore();
    const whole = await trained(store, 3, { validation: scored() });
    const { length } = store.saved;
    const { events, onEvent } = recorder();
    const { run, weights } = await trained(store, 3, { validation: scored(), onEvent });
    expect(events).toEqual([]);
    expect(store.saved).toHaveLength(length);
    expect({ ...run, student: undefined }).toEqual({ ...whole.run, student: undefined });
    expect(weights).toEqual(whole.weights);
  });

  it('is over for good if it ended early', async () => {
    let calls = 0;
    const validation = { data: examples(6), score: () => ++calls, patience: 1 };
    const store = memoryStore();
    const whole = await trained(store, 4, { validation });
    expect(whole.run.reason).toBe('early');
    const { run, weights } = await trained(store, 9, { validation });
    expect(run.reason).toBe('early');
    expect(run.history).toEqual(whole.run.history);
    expect(weights).toEqual(whole.weights);
  });

  it('is not undone: fewer epochs than it has done are an error', async () => {
    const store = memoryStore();
    await trained(store, 3);
    await expectKdError(
      () => trained(store, 2),
      'KD_CHECKPOINT_MISMATCH',
      'the epochs of the stage "training"',
      '>= 3, as many as the checkpoint memory-3 has begun',
      '2',
    );
  });

  it('has its best weights in the checkpoint, as the student', async () => {
    const store = memoryStore();
    const { weights } = await trained(store, 3, {
      validation: { data: examples(6), score: ({ loss = 0 }) => -loss },
    });
    for (const epoch of ['newest', 'best'] as const) {
      const model = net(7);
      await loadCheckpointWeights(model, store, { epoch });
      expect(weightsOf(model)).toEqual(weights);
    }
  });

  it('leaks no tensor when it is extended', async () => {
    const model = net();
    const store = memoryStore();
    const run = (epochs: number): Promise<Run> =>
      train(
        onLabels(model),
        options(examples(12), { epochs, validation: scored(), checkpoint: { store, resume: true } }),
      );
    await run(2);
    await expectNoLeak(async () => {
      await run(2);
      await run(4);
    });
  });
});

describe('a training that was interrupted', () => {
  const interrupted = async (store: CheckpointStore): Promise<void> => {
    const stop = new AbortController();
    const onEvent: TrainOptions['onEvent'] = (event) => {
      if (event.type === 'step' && event.step === 4) stop.abort();
    };
    await trained(store, 4, { signal: stop.signal, onEvent });
  };

  it.each([2, 3, 6])('in its second epoch ends as one of %i epochs', async (epochs) => {
    const whole = await trained(memoryStore(), epochs);
    const store = memoryStore();
    await interrupted(store);
    expect((await trained(store, epochs)).weights).toEqual(whole.weights);
  });

  it('in its second epoch cannot end after the first', async () => {
    const store = memoryStore();
    await interrupted(store);
    await expectKdError(() => trained(store, 1), 'KD_CHECKPOINT_MISMATCH', '>= 2', '1');
  });
});

describe('the last stage of a training', () => {
  const staged = async (
    store: CheckpointStore,
    first: number,
    second: number,
  ): Promise<{ run: StagesRun; weights: Record<string, number[]> }> => {
    const model = net();
    const stage = { terms: [hardTarget()], optimizer: () => optimizers.momentum(0.1, 0.9) };
    const run = await trainStages(
      {
        student: { model, convention: 'logits' },
        stages: [
          { ...stage, name: 'head', trainable: ['logits'], epochs: first },
          { ...stage, name: 'all', epochs: second },
        ],
      },
      {
        data: examples(12),
        batchSize: 4,
        validation: { data: examples(6) },
        checkpoint: { store, resume: true },
      },
    );
    return { run, weights: weightsOf(model) };
  };

  it('is extended as if it had had these epochs from the start', async () => {
    const whole = await staged(memoryStore(), 2, 4);
    const store = memoryStore();
    await staged(store, 2, 2);
    const { run, weights } = await staged(store, 2, 4);
    expect(weights).toEqual(whole.weights);
    expect(run.stages.map(withoutTime)).toEqual(whole.run.stages.map(withoutTime));
  });

  it('is the only one: an earlier stage is over', async () => {
    const store = memoryStore();
    await staged(store, 2, 2);
    await expectKdError(
      () => staged(store, 3, 2),
      'KD_CHECKPOINT_MISMATCH',
      'the epochs of the stage "head"',
      '2, because the stage is over in the checkpoint memory-4',
      '3',
    );
  });
});
