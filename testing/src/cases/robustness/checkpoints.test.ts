// Checkpoints of another training, of two simultaneous trainings, and with valid hashes for invalid content.
import '@tensorflow/tfjs-backend-cpu';
import { createHash } from 'node:crypto';
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

  it.fails.each<[string, Change]>([
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

interface Manifest {
  readonly files: Record<string, { bytes: number; sha256: string }>;
  readonly state: { position?: object; stage: number };
  stateHash: string;
}
type Entries = Record<string, { shape: number[] }>;
type Forgery = (manifest: Manifest, files: Record<string, Uint8Array>) => void;

/** The checkpoint after a change, with updated hashes. */
function forged(forge: Forgery): CheckpointFiles {
  const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
  const files: Record<string, Uint8Array> = { ...stopped };
  const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json'])) as Manifest;
  forge(manifest, files);
  for (const name of Object.keys(manifest.files)) {
    const bytes = files[name] ?? new Uint8Array();
    manifest.files[name] = { bytes: bytes.length, sha256: sha256(bytes) };
  }
  manifest.stateHash = sha256(JSON.stringify(manifest.state, null, 1));
  return { ...files, 'manifest.json': new TextEncoder().encode(JSON.stringify(manifest, null, 1)) };
}

/** Changes the header of the student's weights, and optionally its stated length. */
const header =
  (change: (entries: Entries) => Entries, length?: bigint): Forgery =>
  (_, files) => {
    const old = Buffer.from(files['student.safetensors'] ?? []);
    const end = 8 + Number(old.readBigUInt64LE(0));
    const text = Buffer.from(JSON.stringify(change(JSON.parse(old.toString('utf8', 8, end)) as Entries)));
    const start = Buffer.alloc(8);
    start.writeBigUInt64LE(length ?? BigInt(text.length));
    files['student.safetensors'] = Buffer.concat([start, text, old.subarray(end)]);
  };

const without = (entries: Entries, name: string): Entries =>
  Object.fromEntries(Object.entries(entries).filter(([key]) => key !== name));

describe('a checkpoint with valid hashes', () => {
  const resumed = (forge: Forgery): Promise<string> => outcome(() => stagesOn(memoryStore(forged(forge))));
  const kernel = 'hidden/kernel';

  it('is resumed if its content is valid', async () => {
    expect(await resumed(header((entries) => entries))).toBe('finished with 4 epochs');
  });

  it.fails.each<[string, Forgery]>([
    ['a header of 2^60 bytes', header((entries) => entries, 2n ** 60n)],
    ['no weights', header(() => ({}))],
    ['a weight less', header((entries) => without(entries, kernel))],
    [
      'a weight of another shape',
      header((entries) => ({ ...entries, [kernel]: { ...entries[kernel], shape: [3, 2] } })),
    ],
    ['a file of 4 bytes', (_, files) => void (files['student.safetensors'] = new Uint8Array(4))],
    ['an empty position', ({ state }) => void (state.position = {})],
    ['stage 99', ({ state }) => void (state.stage = 99)],
  ])('is refused with %s', async (_, forge) => {
    expect(await resumed(forge)).toMatch(/^KD_CHECKPOINT_\w+: /);
  });
});
