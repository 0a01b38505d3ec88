// What a training step costs on stored targets, on wasm, against one on labels alone, and one with the same
// two losses whose targets are there already: node --conditions=@kd/source --import tsx src/bench-step.ts
// [rounds] [units]
import '@tensorflow/tfjs-backend-wasm';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import type { Teacher } from '@kd/core';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { layersTeacher } from '@kd/teacher';
import { asData } from '@kd-datasets/mnist';
import { zeros } from '@tensorflow/tfjs-core';
import { trainingDigits } from './digits.js';
import { perceptron } from './models.js';
import { trainModel } from './train.js';

const rounds = Number(process.argv[2] ?? '15');
const units = Number(process.argv[3] ?? '800');
const batchSize = 128;
const steps = 20;

await selectBackend({ require: 'wasm' });
const data = asData(await trainingDigits(batchSize * steps));
const folder = await mkdtemp(join(tmpdir(), 'kd-bench-'));
const model = perceptron(1200, 1);
await storeSoftTargets({ teacher: layersTeacher(model, { convention: 'logits' }), data, out: folder });
const stored = await storedTeacher(folder);
const unchecked = await storedTeacher(folder, { checkInputs: 0 });
/** Costs nothing but its tensor: what is left is the cost of the losses. */
const free: Teacher = {
  describe: (request) => stored.describe(request),
  predict: () => Promise.resolve({ members: [{ output: zeros([batchSize, 10]), weight: 1 }], taps: [] }),
};

const arms = {
  'labels alone': undefined,
  'with two losses, targets for nothing': free,
  'with two losses, targets from the store': stored,
  'the same, inputs not compared': unchecked,
};

/**
 * Milliseconds of the processor for a step, mean of an epoch: those of a machine that does other things
 * besides can be compared.
 */
async function time(teacher: Teacher | undefined): Promise<number> {
  const student = perceptron(units, 10);
  const budget = { epochs: 1, batchSize, learningRate: 0.001, seed: 1 };
  const start = process.cpuUsage();
  await trainModel(student, data, budget, teacher);
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000 / steps;
  student.dispose();
  return milliseconds;
}

const names = Object.keys(arms) as (keyof typeof arms)[];
const times = names.map((): number[] => []);
// The first round warms up; in each further one another arm begins.
for (let round = 0; round <= rounds; round++) {
  for (const position of names.keys()) {
    const arm = (position + round) % names.length;
    const milliseconds = await time(arms[names[arm] as keyof typeof arms]);
    if (round > 0) times[arm]?.push(milliseconds);
  }
}
await rm(folder, { recursive: true });

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const at = (values: readonly number[], share: number): number =>
  sorted(values)[Math.round(share * (values.length - 1))] ?? NaN;
/** Median of the quotients of two arms by rounds, and where the middle half of them lies. */
function ratio(one: number, other: number): string {
  const ratios = (times[one] ?? []).map((value, round) => value / (times[other]?.[round] ?? NaN));
  return `${at(ratios, 0.5).toFixed(3)} (${at(ratios, 0.25).toFixed(3)}-${at(ratios, 0.75).toFixed(3)})`;
}
console.log(
  `784-${String(units)}-${String(units)}-10, batch ${String(batchSize)}, wasm, ${String(rounds)} rounds`,
);
for (const [arm, name] of names.entries()) {
  console.log(`${name.padEnd(42)} ${at(times[arm] ?? [], 0.5).toFixed(2)} ms of the processor a step`);
}
console.log(`store / labels alone        ${ratio(2, 0)}`);
console.log(`store / targets for nothing ${ratio(2, 1)}`);
console.log(`unchecked / targets for nothing ${ratio(3, 1)}`);
