// Trains a teacher, stores its soft targets in several formats, trains the same students from each, and
// compares them.
import '@tensorflow/tfjs-backend-wasm';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selectBackend } from '@kd/backend/node';
import { modelDirectory } from '@kd/files';
import type { Teacher } from '@kd/core';
import { ignoreRemaining, spreadEvenly } from '@kd/stored-soft-targets';
import type { RemainingMass } from '@kd/stored-soft-targets';
import { describeSet, storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { layersTeacher } from '@kd/teacher';
import { countErrors, meanWithRange } from '@kd-benchmarks/experiment';
import { drawTable } from '@kd-benchmarks/experiment/perceptrons';
import { asData, loadDigits } from '@kd-datasets/mnist';
import { Command } from 'commander';
import { trainingDigits } from './digits.js';
import { loadModel, perceptron } from './models.js';
import { trainModel } from './train.js';

interface Options {
  readonly out: string;
  readonly transferSize: string;
  readonly teachingSize: string;
  readonly teacherEpochs: string;
  readonly epochs: string;
  readonly seeds: string;
}

/** A way to store and read soft targets. */
interface Way {
  readonly name: string;
  readonly how: { readonly dtype?: 'float16'; readonly topK?: number };
  readonly remaining?: RemainingMass;
}

/** A row of the table. */
interface Row {
  readonly name: string;
  readonly bytesPerExample: number | undefined;
  /** Test errors of each seed. */
  readonly errors: readonly number[];
}

const ways: readonly Way[] = [
  { name: 'float32', how: {} },
  { name: 'float16', how: { dtype: 'float16' } },
  { name: '3 largest, rest spread', how: { topK: 3 }, remaining: spreadEvenly },
  { name: '3 largest, rest ignored', how: { topK: 3 }, remaining: ignoreRemaining },
  { name: '3 largest, float16, rest spread', how: { topK: 3, dtype: 'float16' }, remaining: spreadEvenly },
];

const options = new Command('stored-targets')
  .description('Compares ways of storing soft targets on MNIST.')
  .option('--out <directory>', 'folder for all output', 'runs/stored-targets')
  .option('--transfer-size <n>', 'digits that the students learn from', '5000')
  .option('--teaching-size <n>', 'digits that the teacher learns from', '55000')
  .option('--teacher-epochs <n>', 'epochs of the teacher', '5')
  .option('--epochs <n>', 'epochs of the students', '6')
  .option('--seeds <n>', 'students of each kind', '2')
  .parse()
  .opts<Options>();

const { out } = options;
const transferSize = Number(options.transferSize);
const start = performance.now();
await mkdir(out, { recursive: true });
await selectBackend({ require: 'wasm' });
const test = await loadDigits('t10k');
const data = asData(await trainingDigits(transferSize));
const { teacher, errors: teacherErrors } = await trainTeacher(join(out, 'teacher'));

const rows: Row[] = [
  {
    name: 'labels alone',
    bytesPerExample: undefined,
    errors: await students(() => Promise.resolve(undefined)),
  },
  {
    name: 'the teacher itself',
    bytesPerExample: undefined,
    errors: await students(() => Promise.resolve(teacher)),
  },
];
for (const { name, how, remaining } of ways) {
  const set = join(out, name.replaceAll(/\W+/g, '-'));
  await removeSet(set);
  await storeSoftTargets({ teacher, data, out: set, ...how });
  const errors = await students(() => storedTeacher(set, remaining === undefined ? {} : { remaining }));
  rows.push({ name, bytesPerExample: await bytesIn(set), errors });
  if (name === 'float32') console.log(await describeSet(set));
}
const seconds = Math.round((performance.now() - start) / 1000);
await writeFile(
  join(out, 'result.json'),
  `${JSON.stringify({ options, backend: 'wasm', seconds, teacherErrors, rows }, undefined, 2)}\n`,
);
const table = drawTable(
  ['soft targets', 'bytes per example', 'test errors of 10,000'],
  rows.map(({ name, bytesPerExample, errors }) => [
    name,
    bytesPerExample?.toFixed(1) ?? '',
    meanWithRange(errors),
  ]),
);
console.log(`The teacher makes ${String(teacherErrors)} errors.\n${table}\n${String(seconds)} s`);

/** Removes the set of an earlier run, if there is one; a directory without soft targets is left alone. */
async function removeSet(directory: string): Promise<void> {
  const isSet = await describeSet(directory).then(
    () => true,
    () => false,
  );
  if (isSet) await rm(directory, { recursive: true });
}

/** Trains the teacher and saves it, or loads a saved one. */
async function trainTeacher(directory: string): Promise<{ teacher: Teacher; errors: number }> {
  if (!existsSync(join(directory, 'model.json'))) await trainNewTeacher(directory);
  const saved = await loadModel(directory);
  return { teacher: layersTeacher(saved, { convention: 'logits' }), errors: await countErrors(saved, test) };
}

async function trainNewTeacher(directory: string): Promise<void> {
  console.log('Training the teacher ...');
  const model = perceptron(400, 1, 0.2);
  const digits = asData(await trainingDigits(Number(options.teachingSize)));
  const budget = { epochs: Number(options.teacherEpochs), batchSize: 256, learningRate: 0.002, seed: 0 };
  await trainModel(model, digits, budget);
  await model.save(modelDirectory(directory));
}

/**
 * Test errors of a student for each seed; students of one seed start from the same weights and see the same
 * batches.
 */
async function students(teacherOf: () => Promise<Teacher | undefined>): Promise<number[]> {
  const errors: number[] = [];
  const source = await teacherOf();
  console.log('Training students ...');
  for (let seed = 1; seed <= Number(options.seeds); seed++) {
    const model = perceptron(100, 10 * seed);
    const budget = { epochs: Number(options.epochs), batchSize: 128, learningRate: 0.004, seed };
    await trainModel(model, data, budget, source);
    errors.push(await countErrors(model, test));
    model.dispose();
  }
  return errors;
}

async function bytesIn(set: string): Promise<number> {
  const manifest = JSON.parse(await readFile(join(set, 'manifest.json'), 'utf8')) as {
    readonly count: number;
    readonly files: readonly { readonly bytes: number }[];
  };
  return manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) / manifest.count;
}
