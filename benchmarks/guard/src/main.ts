// Checks whether trainings give the same weights as at another commit, in the same time: npm run guard
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { writeResult } from '@kd-benchmarks/shared';
import { Command, InvalidArgumentError } from 'commander';
import { checkoutOf, commitOf, hasNative } from './checkout.js';
import { faultsOf } from './faults.js';
import { measure } from './measure.js';
import type { Finding } from './measure.js';
import { backends } from './messages.js';
import type { Backend } from './messages.js';
import { recipes } from './recipes/index.js';
import { describeFinding, drawTable } from './table.js';

const names = recipes.map(({ name }) => name);
const listOf =
  <Name extends string>(known: readonly Name[]) =>
  (text: string): Name[] =>
    text.split(',').map((name) => {
      if (known.includes(name as Name)) return name as Name;
      throw new InvalidArgumentError(`${name} is not one of ${known.join(', ')}.`);
    });
const count = (text: string): number => {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`${text} is not a whole number of at least 1.`);
};

const options = new Command('npm run guard --')
  .option('--against <commit>', 'the commit to compare the working tree with', 'HEAD')
  .option('--only <recipes>', 'some recipes, separated by commas', listOf(names), names)
  .option('--backends <backends>', 'some of cpu, wasm and native, separated by commas', listOf(backends), [
    ...backends,
  ])
  .option('--pairs <n>', 'fresh pairs of processes', count, 2)
  .option('--rounds <n>', 'timed trainings of each process', count, 3)
  .option('--limit <ratio>', 'fail if steps take more than this many times as long', Number)
  .option('--out <file>', 'result file', 'runs/guard/result.json')
  .parse(process.argv)
  .opts<{
    against: string;
    only: string[];
    backends: Backend[];
    pairs: number;
    rounds: number;
    limit?: number;
    out: string;
  }>();

const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const commit = await commitOf(root, options.against);
const folder = join(root, '.cache/guard');
const plan = {
  checkouts: { there: await checkoutOf(root, commit, folder), here: root },
  pairs: options.pairs,
  rounds: options.rounds,
  folder: join(folder, 'weights'),
};
const began = performance.now();
const findings: Finding[] = [];
for (const backend of options.backends) {
  if (backend === 'native' && !(await hasNative(root))) {
    console.log('skipped: native, because tfjs-node is not built here (npm run install:native)');
    continue;
  }
  for (const recipe of options.only) {
    const finding = await measure(plan, recipe, backend);
    findings.push(finding);
    console.log(describeFinding(finding));
  }
}
console.log(`there: ${commit.slice(0, 12)}; here: ${root}`);
console.log(drawTable(findings, options.limit ?? 1.03));
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
await writeResult(options.out, { node: process.version, commit, findings });
const faults = faultsOf(findings, options.limit);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
