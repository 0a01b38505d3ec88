// `main.ts SEED RUNS` compares TensorFlow with cpu on what is known to fail and on RUNS operations drawn by SEED. A fault of TensorFlow can end the process that
// meets it, so this is a process of its own, which names each operation before it runs it. Its last line counts those that agree.
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

// Past the buffers of Node, which are lost with the process.
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
