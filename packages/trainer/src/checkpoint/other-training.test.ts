// A checkpoint of another training: a stopped training resumes only if nothing else has changed.
import { hardTarget } from '@kd/soft-target-loss';
import { useBackend } from '@kd/testing';
import { outcome } from '@kd/testing/outcome';
import { train as optimizers } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.js';
import { examples } from '../../test/small.js';
import { trainStages } from '../index.js';
import type { CheckpointStore, EarlyStopping, StagesOptions } from '../index.js';

await useBackend('cpu');

const dataFrom = (shift: number): ReturnType<typeof examples> => {
  const { inputs, labels } = examples(8, 2);
  return { inputs: { ...inputs, values: inputs.values.map((value) => value + shift) }, labels };
};
const data = dataFrom(0);

interface Change {
  readonly options?: Partial<StagesOptions>;
  readonly activation?: 'relu';
  readonly earlyStopping?: EarlyStopping;
}
const stagesOn = async (store: CheckpointStore, change: Change = {}): Promise<string> => {
  const { options, activation = 'tanh', earlyStopping = {} } = change;
  const model = sequential({
    layers: [
      layers.dense({ name: 'hidden', units: 3, inputShape: [2], activation }),
      layers.dense({ name: 'out', units: 2 }),
    ],
  });
  const optimizer = (): ReturnType<typeof optimizers.adam> => optimizers.adam(0.01);
  const stages = [{ name: 'one', terms: [hardTarget()], epochs: 4, optimizer, earlyStopping }];
  const run = await trainStages(
    { student: { model, convention: 'logits' }, stages },
    { data, batchSize: 4, validation: { data }, checkpoint: { store, resume: true }, ...options },
  );
  return `${run.reason} with ${String(run.stages[0]?.history.length)} epochs`;
};

describe('a training that was stopped', () => {
  const { saved, ...stopped } = memoryStore();
  beforeAll(async () => {
    const stop = new AbortController();
    const onEvent: StagesOptions['onEvent'] = (event) => {
      if (event.type === 'step' && event.step === 3) stop.abort();
    };
    await stagesOn(stopped, { options: { signal: stop.signal, onEvent } });
  });

  it('resumes', async () => {
    expect(await outcome(() => stagesOn(memoryStore([...saved])))).toBe('finished with 4 epochs');
  });

  it.each<[string, Change]>([
    ['other data of the same length', { options: { data: dataFrom(5) } }],
    ['another activation of a layer', { activation: 'relu' }],
    ['other validation data', { options: { validation: { data: dataFrom(9) } } }],
    ['another metric of "earlyStopping"', { earlyStopping: { metrics: 'losses' } }],
  ])('does not go on with %s', async (_, change) => {
    expect(await outcome(() => stagesOn(memoryStore([...saved]), change))).toMatch(
      /^KD_CHECKPOINT_MISMATCH: /,
    );
  });
});
