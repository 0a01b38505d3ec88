// Random numbers, and dropout of 128 x 1200 values: drawn by tfjs and from a seed, in alternating rounds:
// node --conditions=@kd/source --import tsx packages/backend/bench/draws.ts [wasm | tensorflow | cpu]
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import { seededUniform } from '@kd/core';
import * as tf from '@tensorflow/tfjs-core';

// The first rounds do not count, because they compile code.
const [rounds, first] = [101, 20];
const name = (process.argv[2] ?? 'wasm') as 'wasm' | 'tensorflow' | 'cpu';
await selectBackend({ require: name });

const shape = [128, 1200];
const x = tf.ones(shape);
const dropped = (uniform: tf.Tensor): tf.Tensor => tf.mul(x, tf.div(tf.floor(tf.add(uniform, 0.5)), 0.5));
let step = 0;
const ways = {
  'uniform, tfjs': () => tf.randomUniform(shape, 0, 1, 'float32', ++step),
  'uniform, seeded': () => seededUniform(shape, ++step, 7),
  'dropout, tfjs': () => dropped(tf.randomUniform(shape, 0, 1, 'float32', ++step)),
  'dropout, seeded': () => dropped(seededUniform(shape, ++step, 7)),
};
const times = Object.fromEntries(Object.keys(ways).map((way) => [way, [] as number[]]));
const weights = tf.ones([1200, 1]);
for (let round = 0; round < first + rounds; round++) {
  for (const [way, draw] of Object.entries(ways)) {
    const start = performance.now();
    // A product that needs all numbers, so that none is left out, and reads only some.
    tf.tidy(() => tf.matMul(draw() as tf.Tensor2D, weights as tf.Tensor2D).dataSync());
    if (round >= first) times[way]?.push(performance.now() - start);
  }
}
const empty: number[] = [];
for (let round = 0; round < first + rounds; round++) {
  const start = performance.now();
  tf.tidy(() => tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D).dataSync());
  if (round >= first) empty.push(performance.now() - start);
}
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
for (const [way, measured] of Object.entries(times))
  console.log(`${way.padEnd(18)} ${(median(measured) - median(empty)).toFixed(3)} ms`);
