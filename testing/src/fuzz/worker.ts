// Makes the calls of a plan from a position on, and reports each on descriptor 3, as a line of JSON. Its
// parent ends it if a call never returns, and starts another one after that call.
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { writeSync } from 'node:fs';
import { disposeAll } from './dispose.js';
import { faultOf } from './judge.js';
import { callOf, describeAttempt, planOf } from './plan.js';
import type { Attempt } from './plan.js';
import type { Report } from './report.js';
import { directory, removeDirectories } from './valid-calls/values.js';

const [seed = 0, start = 0, until = 0] = process.argv.slice(2, 5).map(Number);
const only = process.argv[5] ?? '';
const report = (line: Report): void => void writeSync(3, `${JSON.stringify(line)}\n`);

process.chdir(directory());
await setBackend('cpu');
const plan = await planOf(seed, only);
let stray: string | undefined;
for (const event of ['unhandledRejection', 'uncaughtException'])
  process.on(event, (error: unknown) => {
    stray = `${event}: ${String(error)}`;
  });

async function run(): Promise<void> {
  let index = start;
  for (; index < plan.length && Date.now() < until; index += 1) {
    const attempt = plan[index] as Attempt;
    report({ index, of: plan.length, name: describeAttempt(attempt) });
    stray = undefined;
    const call = await callOf(attempt);
    const fault = (await faultOf(call)) ?? stray;
    disposeAll(call.args);
    if (fault !== undefined) report({ index, of: plan.length, name: describeAttempt(attempt), fault });
  }
  report({ index, of: plan.length, name: 'end' });
}

// The handler above would swallow an error of this program too.
await run().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
removeDirectories();
process.exit(0);
