// Checkpoints of another training, and of two simultaneous trainings.
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hardTarget } from '@kd/soft-target-loss';
import { trainStages } from '@kd/trainer';
import type { CheckpointFiles, CheckpointStore, StagesOptions, EarlyStopping } from '@kd/trainer';
import { checkpointDirectory } from '@kd/trainer/node';
import { setBackend } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adam, numbers } from '../nets.js';
import { outcome } from '../outcome.js';
import { memoryStore } from '../stores.js';

await setBackend('cpu');

const dataFrom = (shift: number): { inputs: ReturnType<typeof numbers>; labels: Int32Array } => {
  const { values, shape } = numbers(8, [2]);
  const labels = Int32Array.from({ length: 8 }, (_, row) => row % 2);
  return { inputs: { values: values.map((value) => value + shift), shape }, labels };
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
  const stages = [{ name: 'one', terms: [hardTarget()], epochs: 4, optimizer: adam, earlyStopping }];
  const run = await trainStages(
    { student: { model, convention: 'logits' }, stages },
    { data, batchSize: 4, validation: { data }, checkpoint: { store, resume: true }, ...options },
  );
  return `${run.reason} with ${String(run.stages[0]?.history.length)} epochs`;
};

let stopped: CheckpointFiles;
beforeAll(async () => {
  const store = memoryStore();
  const stop = new AbortController();
  const onEvent: StagesOptions['onEvent'] = (event) => {
    if (event.type === 'step' && event.step === 3) stop.abort();
  };
  await stagesOn(store, { options: { signal: stop.signal, onEvent } });
  stopped = store.last();
});

describe('a training that was stopped', () => {
  it('resumes', async () => {
    expect(await outcome(() => stagesOn(memoryStore(stopped)))).toBe('finished with 4 epochs');
  });

  it.each<[string, Change]>([
    ['other data of the same length', { options: { data: dataFrom(5) } }],
    ['another activation of a layer', { activation: 'relu' }],
    ['other validation data', { options: { validation: { data: dataFrom(9) } } }],
    ['another metric of "earlyStopping"', { earlyStopping: { metrics: 'losses' } }],
  ])('does not go on with %s', async (_, change) => {
    expect(await outcome(() => stagesOn(memoryStore(stopped), change))).toMatch(/^KD_CHECKPOINT_MISMATCH: /);
  });
});

describe('two trainings in one directory at once', () => {
  let directory: string;
  const seen: string[] = [];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kd-cases-'));
    const training = (): Promise<string> => outcome(() => stagesOn(checkpointDirectory(directory)));
    seen.push(...(await Promise.all([training(), training()])));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('one trains, and the other fails because the directory is in use', () => {
    expect(seen.sort().reverse().join('; ')).toMatch(/^finished with 4 epochs; KD_\w+: .* in use/);
  });
});
