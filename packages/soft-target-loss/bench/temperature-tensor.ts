// softTargetLoss with its gradient, with T as a number and as a tensor:
// node --conditions=@kd/source --import tsx packages/soft-target-loss/bench/temperature-tensor.ts
// [wasm|tensorflow|cpu]
// Each process times one of them, because V8 compiles the kernel for the kind of numbers that it has seen.
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { selectBackend } from '@kd/backend/node';
import type { BackendName } from '@kd/backend/node';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { softTargetLossOf } from '../src/soft-target-loss.js';

const [pairs, rounds, calls] = [15, 30, 50];
const [backend = 'wasm', kind] = process.argv.slice(2) as [BackendName?, ('number' | 'tensor')?];
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Milliseconds of a loss and its gradient, the median of all rounds. */
async function timeOf(given: 'number' | 'tensor'): Promise<number> {
  await selectBackend({ require: backend, threads: 1 });
  const [temperature, factor, slope] = [4, 16, 4].map((value) =>
    given === 'number' ? value : tf.scalar(value),
  ) as [number, number, number];
  const settings = { temperature, factor: () => factor, slope: () => slope };
  const [teacher, student] = [tf.randomNormal([128, 10]), tf.randomNormal([128, 10])];
  const gradientOf = tf.grad((z: tf.Tensor) => softTargetLossOf(teacher, z, settings));
  const times: number[] = [];
  for (let round = -10; round < rounds; round++) {
    const start = performance.now();
    for (let call = 0; call < calls; call++) {
      const gradient = gradientOf(student);
      await gradient.data();
      gradient.dispose();
    }
    if (round >= 0) times.push((performance.now() - start) / calls);
  }
  return median(times);
}

if (kind !== undefined) {
  console.log(await timeOf(kind));
} else {
  const run = (given: string): number => {
    const flags = [...process.execArgv, fileURLToPath(import.meta.url), backend, given];
    return Number(execFileSync(process.execPath, flags, { stdio: ['ignore', 'pipe', 'ignore'] }));
  };
  const ratios = Array.from({ length: pairs }, (_, pair) => {
    const order = pair % 2 === 0 ? (['number', 'tensor'] as const) : (['tensor', 'number'] as const);
    const times = Object.fromEntries(order.map((given) => [given, run(given)]));
    return (times['tensor'] ?? NaN) / (times['number'] ?? NaN);
  });
  const all = ratios.map((ratio) => ratio.toFixed(3)).join(', ');
  console.log(`T as a tensor takes ${median(ratios).toFixed(3)} times as long on ${backend} (${all}).`);
}
