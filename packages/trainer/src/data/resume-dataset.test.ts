// Trainings on a tf.data set that are interrupted in an epoch, and resume as a new process would.
import { expectKdError, useBackend } from '@kd/testing';
import { fromDataset } from '@kd/data';
import type { BatchStream } from '@kd/data';
import { hardTarget } from '@kd/soft-target-loss';
import { train as optimizers } from '@tensorflow/tfjs-core';
import { array } from '@tensorflow/tfjs-data';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.js';
import { numbersOf } from '../../test/small.js';
import { trainStages } from '../index.js';
import type { CheckpointOptions, StagesOptions } from '../index.js';

await useBackend('cpu');

const rows = Array.from({ length: 12 }, (_, id) => ({ xs: [id / 12, 1], ys: id % 2 }));
const each = rows.map((_, id) => id);

interface Trained {
  readonly weights: number[];
  /** The examples in the steps of each epoch: `stage.epoch`. */
  readonly seen: Record<string, number[]>;
}

const trained = async (batches: BatchStream, more: Partial<StagesOptions> = {}): Promise<Trained> => {
  const given: number[][] = [];
  const data: BatchStream = async function* (context) {
    for await (const batch of batches(context)) {
      const values = Array.from((await batch.inputs['input']?.data()) ?? []);
      given.push(values.filter((_, index) => index % 2 === 0).map((id) => Math.round(id * 12)));
      yield batch;
    }
  };
  const seen: Record<string, number[]> = {};
  const onEvent: StagesOptions['onEvent'] = (event) => {
    if (event.type === 'step')
      (seen[`${String(event.stage)}.${String(event.epoch)}`] ??= []).push(...(given.shift() ?? []));
    more.onEvent?.(event);
  };
  const model = sequential({
    layers: [layers.dense({ units: 2, inputShape: [2], kernelInitializer: 'zeros', name: 'out' })],
  });
  const stage = { terms: [hardTarget()], epochs: 2, optimizer: () => optimizers.sgd(0.5) };
  const stages = [
    { ...stage, name: 'one' },
    { ...stage, name: 'two' },
  ];
  await trainStages({ student: { model, convention: 'logits' }, stages }, { data, ...more, onEvent });
  return { weights: numbersOf(model), seen };
};

/** Trains until the first step of an epoch, and then to the end. */
const broken = async (
  before: BatchStream,
  after: BatchStream,
  stage: number,
): Promise<{ weights: number[]; seen: number[] }> => {
  const store: CheckpointOptions['store'] = memoryStore();
  const stop = new AbortController();
  const onEvent: StagesOptions['onEvent'] = (event) => {
    if (event.type === 'step' && event.stage === stage && event.epoch === 1) stop.abort();
  };
  const first = await trained(before, { checkpoint: { store }, signal: stop.signal, onEvent });
  const { weights, seen } = await trained(after, { checkpoint: { store, resume: true } });
  const key = `${String(stage)}.1`;
  return { weights, seen: [...(first.seen[key] ?? []), ...(seen[key] ?? [])] };
};
const sorted = (ids: readonly number[] = []): number[] => [...ids].sort((one, other) => one - other);

const inOrder = (): BatchStream => fromDataset(array(rows).batch(4));
const shuffled = (): BatchStream => fromDataset(array(rows).shuffle(12, 'seed').batch(4));
const made = (): BatchStream => fromDataset(({ seed }) => array(rows).shuffle(12, String(seed)).batch(4));

describe.each([
  ['in its own order', inOrder],
  ['that is shuffled with a seed', shuffled],
  ['that a function makes for each pass', made],
])('a data set %s', (_, make) => {
  it.each([0, 1])('resumes in stage %d as if never interrupted', async (stage) => {
    const whole = await trained(make());
    const { weights, seen } = await broken(make(), make(), stage);
    expect(sorted(whole.seen[`${String(stage)}.1`])).toEqual(each);
    expect(seen).toEqual(whole.seen[`${String(stage)}.1`]);
    expect(weights).toEqual(whole.weights);
  });
});

it('orders each epoch differently if a data set is shuffled', async () => {
  for (const make of [shuffled, made]) {
    const orders = Object.values((await trained(make())).seen).map((ids) => ids.join(' '));
    expect(new Set(orders).size).toBe(4);
  }
});

it('resumes in the same process unless the data set is shuffled, which is refused', async () => {
  for (const stream of [inOrder(), made()]) {
    const { seen } = await broken(stream, stream, 0);
    expect(sorted(seen)).toEqual(each);
  }
  const stream = shuffled();
  const facts = ['fromDataset', 'pass 1 was interrupted', 'another one', 'Pass a function'];
  await expectKdError(() => broken(stream, stream, 0), 'KD_DATA_TYPE', ...facts);
});
