// Applies the mutants of mutants.json one at a time, in a copy of the working tree, and reports which of them
// the tests kill: `npm run mutants`,
// `npm run mutants -- --only core-frozen-statistics,trainer-best-of-equals --jobs 2`.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { root } from '../lib/packages.js';
import { makeCopy } from './copy.js';
import { mutated, readMutants } from './mutant.js';
import { runTests } from './run-tests.js';

const { values } = parseArgs({
  options: { only: { type: 'string' }, jobs: { type: 'string', default: '1' } },
});
const mutants = readMutants(root, values.only?.split(','));
const jobs = Number(values.jobs);
if (!Number.isInteger(jobs) || jobs < 1)
  throw new Error(`--jobs must be a whole number >= 1: ${values.jobs}`);

const began = performance.now();
const copies = Array.from({ length: Math.min(jobs, mutants.length) }, (_, index) => makeCopy(String(index)));
await checkUnmutated();
const waiting = [...mutants];
const survivors = [];
await Promise.all(copies.map(work));
report();

/** A test that fails without a mutant would kill every mutant. */
async function checkUnmutated() {
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
  const { ending, by } = await runTests(copies[0].folder, tests, 60 * mutants.length);
  if (ending === 'passed') return;
  console.error(`The tests do not pass without a mutant: ${by ?? ending}`);
  process.exit(1);
}

async function work({ folder, write }) {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const started = performance.now();
    const restore = write(mutant.file, mutated(mutant));
    const { ending, by } = await runTests(folder, mutant.tests);
    restore();
    if (ending === 'passed') survivors.push(mutant);
    const outcome = { passed: 'SURVIVED', failed: 'killed  ', timeout: 'killed  ' }[ending];
    const how = { passed: mutant.why, failed: by, timeout: 'the time limit' }[ending];
    console.log(`${outcome} ${mutant.id} (${secondsSince(started)} s) ${mutant.file}:${mutant.line}: ${how}`);
  }
}

function report() {
  const killed = mutants.length - survivors.length;
  console.log(`\n${killed} killed, ${survivors.length} survived, in ${secondsSince(began)} s`);
  const width = Math.max(...survivors.map(({ id }) => id.length));
  survivors.sort((a, b) => mutants.indexOf(a) - mutants.indexOf(b));
  for (const { id, file, line, why } of survivors)
    console.log(`${id.padEnd(width)}  ${file}:${line}  ${why}`);
}

function secondsSince(started) {
  return ((performance.now() - started) / 1000).toFixed(1);
}
