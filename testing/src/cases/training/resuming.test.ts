// Trainings with checkpoints that stop and resume, and one that cannot.
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { train } from '@kd/trainer';
import { fromDataset } from '@kd/data';
import type { TrainOptions } from '@kd/trainer';
import type { BatchStream } from '@kd/data';
import { checkpointDirectory } from '@kd/trainer/node';
import { setBackend, train as optimizers } from '@tensorflow/tfjs-core';
import { array } from '@tensorflow/tfjs-data';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { data, numbersOf, sgd, student } from '../nets.js';
import { outcome } from '../outcome.js';
import { memoryStore } from '../stores.js';

await setBackend('cpu');

describe('a data set of tf.data', () => {
  const rows = Array.from({ length: 12 }, (_, id) => ({ xs: [id / 12, 1], ys: id % 2 }));
  interface Trained {
    readonly weights: number[];
    /** The examples in the steps of epoch 1. */
    readonly seen: number[];
  }
  const trained = async (isShuffled: boolean, more: Partial<TrainOptions> = {}): Promise<Trained> => {
    const dataset = isShuffled ? array(rows).shuffle(12, 'seed') : array(rows);
    const batches = fromDataset(dataset.batch(4));
    const given: number[][] = [];
    const stream: BatchStream = async function* (context) {
      for await (const batch of batches(context)) {
        const values = Array.from((await batch.inputs['input']?.data()) ?? []);
        given.push(values.filter((_, index) => index % 2 === 0).map((id) => Math.round(id * 12)));
        yield batch;
      }
    };
    const seen: number[] = [];
    const onEvent: TrainOptions['onEvent'] = (event) => {
      if (event.type === 'step') {
        const ids = given.shift() ?? [];
        if (event.epoch === 1) seen.push(...ids);
      }
      more.onEvent?.(event);
    };
    const model = sequential({
      layers: [layers.dense({ units: 2, inputShape: [2], kernelInitializer: 'zeros', name: 'out' })],
    });
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
    const optimizer = (): ReturnType<typeof optimizers.sgd> => optimizers.sgd(0.5);
    await train(recipe, { data: stream, epochs: 3, optimizer, ...more, onEvent });
    return { weights: numbersOf(model), seen: seen.sort((one, other) => one - other) };
  };
  /** Stops in epoch 1, and resumes as a new process would. */
  const broken = async (isShuffled: boolean): Promise<Trained> => {
    const store = memoryStore();
    const stop = new AbortController();
    const onEvent: TrainOptions['onEvent'] = (event) => {
      if (event.type === 'step' && event.epoch === 1) stop.abort();
    };
    const before = await trained(isShuffled, { checkpoint: { store }, signal: stop.signal, onEvent });
    const { weights, seen } = await trained(isShuffled, { checkpoint: { store, resume: true } });
    return { weights, seen: [...before.seen, ...seen].sort((one, other) => one - other) };
  };
  const each = rows.map((_, id) => id);

  it('in its own order, resumes as if never interrupted', async () => {
    const { weights, seen } = await broken(false);
    expect(seen).toEqual(each);
    expect(weights).toEqual((await trained(false)).weights);
  });

  describe('that is shuffled with a seed', () => {
    const runs: { whole?: Trained; broken?: Trained } = {};
    beforeAll(async () => {
      runs.whole = await trained(true);
      runs.broken = await broken(true);
    });

    it('gives each example once in an uninterrupted epoch', () => {
      expect(runs.whole?.seen).toEqual(each);
      expect(runs.broken?.seen).toHaveLength(12);
    });

    it.fails('gives each example once in an interrupted epoch', () => {
      expect(runs.broken?.seen).toEqual(each);
    });

    it.fails('ends with the weights of an uninterrupted training', () => {
      expect(runs.broken?.weights).toEqual(runs.whole?.weights);
    });
  });
});

describe('a directory for checkpoints that cannot be written', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'kd-cases-'));
    // This fails for root too: a link to a missing disk.
    await symlink(join(root, 'unmounted', 'runs'), join(root, 'runs'));
  });
  afterAll(() => rm(root, { recursive: true }));

  it('is reported before the first step', async () => {
    let steps = 0;
    const seen = await outcome(async () => {
      const recipe = defineRecipe({ student: student(), terms: [hardTarget()] });
      const store = checkpointDirectory(join(root, 'runs'));
      const onEvent: TrainOptions['onEvent'] = ({ type }) => void (steps += Number(type === 'step'));
      const options = { data, batchSize: 4, epochs: 1, optimizer: sgd, onEvent, checkpoint: { store } };
      return (await train(recipe, options)).reason;
    });
    expect(`${seen} after ${String(steps)}`).toMatch(/^KD_FILE_WRITE: checkpointDirectory: path .* after 0$/);
  });
});
