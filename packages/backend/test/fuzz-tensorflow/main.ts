// `main.ts SEED RUNS` compares TensorFlow with cpu on known faults and on RUNS operations drawn with SEED. A
// fault of TensorFlow can crash the process, so this runs as a separate one and prints each operation before
// running it. The last line counts the operations that agree.
import { writeSync } from 'node:fs';
import process from 'node:process';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { selectBackend } from '@kd/backend/node';
import { seededRandom } from '@kd/testing/seeded-random';
import { differenceFromCpu } from './compare-with-cpu.js';
import { drawWindow } from './draw-window.js';
import { knownFaults } from './known-faults.js';
import type { Operation } from './operation.js';
import { operations } from './operations.js';

const [seed, runs] = process.argv.slice(2).map(Number) as [number, number];
const random = seededRandom(seed);

function draw(): Operation {
  const kinds = Object.entries(operations);
  const [kind, drawn] = kinds[Math.floor(random() * kinds.length)] as (typeof kinds)[number];
  const window = drawWindow(random);
  return { name: `${kind} ${JSON.stringify(window)}`, ...drawn(window) };
}

// Bypasses Node's buffers, which are lost if the process crashes.
const say = (line: string): unknown => writeSync(1, `${line}\n`);

await selectBackend({ require: 'tensorflow' });
let agreeing = 0;
for (const operation of [...knownFaults, ...Array.from({ length: runs }, draw)]) {
  say(operation.name);
  const difference = await differenceFromCpu(operation, random);
  if (difference < 1e-3) agreeing += 1;
  else say(`WRONG by ${String(difference)}`);
}
say(`${String(agreeing)} of ${String(knownFaults.length + runs)} agree`);
