// Published methods as an author outside would write them, each killed after every step, and resumed.
import type { Term } from '@kd/core';
import type { BatchStream, RepeatableData } from '@kd/data';
import { hardTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { useBackend } from '@kd/testing';
import { tensor, tensor1d, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../test/memory-store.js';
import { contrastive } from '../test/methods/contrastive.js';
import { factorTransfer } from '../test/methods/factor-transfer.js';
import { variational } from '../test/methods/variational.js';
import { dense, examples, numbersOf, values } from '../test/small.js';
import { trainStages } from './index.js';
import type { CheckpointFiles, Stage, StagesOptions } from './index.js';
import { layers, sequential } from '@tensorflow/tfjs-layers';

await useBackend('cpu');

const net = (name: string, units: number, seed: number) =>
  sequential({
    layers: [
      dense(seed, { name: `${name}_hidden`, units, activation: 'tanh', inputShape: [2] }),
      layers.dropout({ rate: 0.25 }),
      dense(seed + 1, { name: `${name}_out`, units: 3 }),
    ],
  });
const teacher = layersTeacher(net('wide', 8, 7), { convention: 'logits' });
const adam = () => optimizers.adam(0.05);
const stage = (name: string, terms: readonly Term[], more: Partial<Stage> = {}): Stage => ({
  name,
  terms,
  epochs: 2,
  optimizer: adam,
  ...more,
});

interface Method {
  readonly stages: () => readonly Stage[];
  readonly options: Omit<StagesOptions, 'checkpoint'>;
  readonly keep: readonly string[];
}

/** Every number that the training leaves behind: of the student, and of its modules. */
async function finished({ stages, options, keep }: Method, saved?: CheckpointFiles[]): Promise<number[]> {
  const model = net('thin', 4, 1);
  const { reason, modules } = await trainStages(
    { student: { model, convention: 'logits' }, teacher, stages: stages() },
    {
      ...options,
      keep,
      ...(saved && { checkpoint: { store: memoryStore(saved), resume: true, everySteps: 1 } }),
    },
  );
  expect(reason).toBe('finished');
  return [
    ...numbersOf(model),
    ...Object.values(modules).flatMap((parts) => Object.values(parts).flatMap(numbersIn)),
  ];
}

function numbersIn(part: unknown): number[] {
  const { weights } = Object(part) as { readonly weights?: readonly { read(): Tensor }[] };
  if (weights !== undefined) return weights.flatMap((weight) => values(weight.read()));
  const variable = part as Variable;
  const numbers = values(variable);
  variable.dispose();
  return numbers;
}

const inMemory = { data: examples(12), batchSize: 4, seed: 5 };
const stream: BatchStream = function* ({ skip }) {
  const given = examples(12).inputs;
  const width = given.values.length / 12;
  for (let from = 4 * skip; from < 12; from += 4) {
    yield {
      inputs: { x: tensor(given.values.slice(from * width, (from + 4) * width), [4, width]) },
      targets: { labels: tensor1d([0, 1, 2, 0], 'int32') },
      rows: tensor1d([from, from + 1, from + 2, from + 3], 'int32'),
    };
  }
};
const sized: RepeatableData = { batches: stream, size: 12 };
const bank =
  (more: Partial<Stage> = {}) =>
  () => [stage('all', [contrastive('thin_hidden', 'wide_hidden', 4, 6), hardTarget()], more)];

const methods: Readonly<Record<string, Method>> = {
  'factor transfer: a first stage that trains a module alone': {
    stages: () => {
      const { paraphrase, transfer } = factorTransfer('thin_hidden', 'wide_hidden', 4);
      return [
        stage('paraphraser', [paraphrase], { trainable: [] }),
        stage('student', [transfer, hardTarget()], { learningRateMultipliers: { translator: 2 } }),
      ];
    },
    options: inMemory,
    keep: ['paraphraser', 'translator'],
  },
  'a contrastive bank': { stages: bank(), options: inMemory, keep: ['bank'] },
  'a contrastive bank, with several batches in a step': {
    stages: bank({ accumulationSteps: 2 }),
    options: inMemory,
    keep: ['bank'],
  },
  'a contrastive bank, from a stream': {
    stages: bank({ accumulationSteps: 2 }),
    options: { data: sized, seed: 5 },
    keep: ['bank'],
  },
  'variational: variances that are trained': {
    stages: () => [stage('all', [variational('thin_hidden', 'wide_hidden'), hardTarget()])],
    options: { ...inMemory, validation: { data: examples(6) } },
    keep: ['variational'],
  },
};

describe.each(Object.entries(methods))('%s', (_, method) => {
  it('ends alike, bit for bit, wherever it was killed', async () => {
    const expected = await finished(method);
    expect(expected.every(Number.isFinite)).toBe(true);
    const saved: CheckpointFiles[] = [];
    expect(await finished(method, saved)).toEqual(expected);
    expect(saved.length).toBeGreaterThan(4);
    // The last checkpoint is of the finished training.
    for (const files of saved.slice(0, -1)) expect(await finished(method, [files])).toEqual(expected);
  });

  it('depends on its seed', async () => {
    const other = { ...method, options: { ...method.options, seed: 6 } };
    expect(await finished(other)).not.toEqual(await finished(method));
  });
});
