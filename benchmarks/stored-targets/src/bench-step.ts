// Measures the cost of a training step with stored targets on wasm, compared with labels alone and with the
// same two losses on free targets:
// node --conditions=@kd/source --import tsx src/bench-step.ts [rounds] [units]
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
/** Costs nothing but its tensor, which leaves the cost of the losses. */
const free: Teacher = {
  describe: (request) => stored.describe(request),
  predict: () => ({ members: [{ outputs: { output: zeros([batchSize, 10]) }, weight: 1 }], taps: [] }),
};

const arms = {
  'labels alone': undefined,
  'with two losses, free targets': free,
  'with two losses, targets from the store': stored,
  'the same, inputs not compared': unchecked,
};

/**
 * Processor milliseconds per step, the mean of an epoch. Unlike wall-clock time, it is comparable on a busy
 * machine.
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
// The first round warms up; each further round starts with another arm.
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
/** The median ratio of two arms by round, and the middle half of the ratios. */
function ratio(one: number, other: number): string {
  const ratios = (times[one] ?? []).map((value, round) => value / (times[other]?.[round] ?? NaN));
  return `${at(ratios, 0.5).toFixed(3)} (${at(ratios, 0.25).toFixed(3)}-${at(ratios, 0.75).toFixed(3)})`;
}
console.log(
  `784-${String(units)}-${String(units)}-10, batch ${String(batchSize)}, wasm, ${String(rounds)} rounds`,
);
for (const [arm, name] of names.entries()) {
  console.log(`${name.padEnd(42)} ${at(times[arm] ?? [], 0.5).toFixed(2)} ms of processor time per step`);
}
console.log(`store / labels alone        ${ratio(2, 0)}`);
console.log(`store / free targets        ${ratio(2, 1)}`);
console.log(`unchecked / free targets    ${ratio(3, 1)}`);
