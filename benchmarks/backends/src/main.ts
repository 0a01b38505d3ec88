// Times training steps by backend, in alternating rounds: npm run bench:backends
import process from 'node:process';
import { inTurns, median, writeResult } from '@kd-benchmarks/shared';
import { Command } from 'commander';
import type { Held } from './messages.js';
import { drawTable } from './table.js';
import { startVariants } from './variant-client.js';
import type { VariantClient } from './variant-client.js';
import { works } from './works.js';

interface Row {
  readonly work: string;
  readonly backend: string;
  readonly variant: string;
  /** Median of all steps of all rounds. */
  readonly ms: number;
  /** The smallest and the largest of the rounds' medians. */
  readonly spread: readonly [number, number];
}

interface Options {
  readonly rounds: string;
  readonly steps: string;
  readonly memorySteps: string;
  readonly out: string;
}

const options = new Command('npm run bench:backends --')
  .option('--rounds <n>', 'rounds; in each, every variant takes a turn', '5')
  .option('--steps <n>', 'steps per turn; slow variants make one', '8')
  .option('--memory-steps <n>', 'steps during which memory is measured, 0 to skip', '2000')
  .option('--out <file>', 'result file', 'runs/bench-backends/result.json')
  .parse(process.argv)
  .opts<Options>();

const clients = await startVariants();
const rows: Row[] = [];
const impossible: { work: string; backend: string; variant: string; reason: string }[] = [];
for (const work of works) rows.push(...(await timed(work.name)));
drawTable(
  rows,
  impossible,
  works.map(({ name }) => name),
);
const memory = Number(options.memorySteps) > 0 ? await memoryOf(['mlp-kd', 'conv-kd']) : [];
await writeResult(options.out, { node: process.version, rows, impossible, memory });
for (const client of clients) client.close();

/** The rows of one work, for all variants that can run it. */
async function timed(work: string): Promise<Row[]> {
  const rounds = new Map<VariantClient, number[][]>();
  for (const client of clients) {
    // The first steps compile code and create the optimizer's moments.
    const answer = await client.ask({ type: 'time', work, steps: client.variant.slow ? 1 : 3 });
    const { backend, variant } = client.variant;
    if (answer.type === 'times') rounds.set(client, []);
    else if (answer.type === 'failure') impossible.push({ work, backend, variant, reason: answer.message });
  }
  await inTurns(Number(options.rounds), [...rounds.keys()], async (client) => {
    const steps = client.variant.slow ? 1 : Number(options.steps);
    const answer = await client.ask({ type: 'time', work, steps });
    if (answer.type === 'times') rounds.get(client)?.push([...answer.milliseconds]);
  });
  return [...rounds].map(
    ([
      {
        variant: { backend, variant },
      },
      times,
    ]) => {
      const medians = times.map(median);
      const spread = [Math.min(...medians), Math.max(...medians)] as const;
      return { work, backend, variant, ms: median(times.flat()), spread };
    },
  );
}

async function memoryOf(
  names: readonly string[],
): Promise<{ work: string; variant: string; held: readonly Held[] }[]> {
  const seen = [];
  for (const client of clients.filter(({ variant }) => variant.variant.startsWith('ours'))) {
    for (const work of names) {
      const answer = await client.ask({ type: 'memory', work, steps: Number(options.memorySteps) });
      if (answer.type !== 'memory') continue;
      const { variant } = client.variant;
      seen.push({ work, variant, held: answer.held });
      const states = answer.held.map(
        ({ step, tensors, heapBytes }) =>
          `${String(step)}: ${String(tensors)}, ${(heapBytes / 2 ** 20).toFixed(0)} MiB`,
      );
      console.log(`${work} on wasm ${variant}; step: tensors, heap. ${states.join(' | ')}`);
    }
  }
  return seen;
}
