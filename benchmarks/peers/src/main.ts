// Times our training steps and PyTorch's on the same processors, in alternating rounds: npm run bench:peers
import process from 'node:process';
import { works } from '@kd-benchmarks/backends/works';
import { inTurns, median, pairedRatio, writeResult } from '@kd-benchmarks/shared';
import { Command } from 'commander';
import { costOfSoftTargets } from './cost-of-soft-targets.js';
import { memoryOf } from './memory.js';
import { startOurs } from './our-peers.js';
import type { Peer } from './peer.js';
import { pythonWithTorch, startPython } from './python-peer.js';
import { drawTable } from './table.js';
import type { Row } from './table.js';

const options = new Command('npm run bench:peers --')
  .option('--warm-up <n>', 'untimed first steps of every peer', '200')
  .option('--rounds <n>', 'rounds; in each, every peer takes a turn', '5')
  .option('--steps <n>', 'steps per turn', '10')
  .option('--paired-rounds <n>', 'rounds with and without soft targets, 0 to skip', '30')
  .option('--memory-steps <n>', 'steps during which memory is measured, 0 to skip', '2000')
  .option('--python <path>', 'Python that creates the virtual environment', 'python3')
  .option('--environment <folder>', 'folder of the virtual environment', '.cache/bench-peers')
  .option('--out <file>', 'result file', 'runs/bench-peers/result.json')
  .parse(process.argv)
  .opts<{
    warmUp: string;
    rounds: string;
    steps: string;
    pairedRounds: string;
    memorySteps: string;
    python: string;
    environment: string;
    out: string;
  }>();

const torch = await startPython(await pythonWithTorch(options.environment, options.python));
const ours = await startOurs();
const peers = [torch, ...ours];
for (const { name, about } of peers) console.log(`${name}: ${about}`);
const rows: Row[] = [];
for (const { name } of works) rows.push(...(await timed(name)));
drawTable(rows);
const softTargets =
  Number(options.pairedRounds) > 0 ? await costOfSoftTargets(peers, Number(options.pairedRounds)) : [];
const memory = Number(options.memorySteps) > 0 ? await memoryOf(ours, Number(options.memorySteps)) : [];
await writeResult(options.out, { node: process.version, rows, softTargets, memory });
for (const peer of peers) peer.close();

/**
 * Times one work on every peer; a row has the median of all steps and the ratio to PyTorch in the same
 * rounds.
 */
async function timed(work: string): Promise<Row[]> {
  const rounds = new Map<Peer, number[][]>(peers.map((peer) => [peer, []]));
  // The optimizers create their moments in the first step, and V8 compiles hot code during the first hundreds
  // of steps.
  for (const peer of peers) await peer.time(work, Number(options.warmUp));
  await inTurns(Number(options.rounds), peers, async (peer) => {
    rounds.get(peer)?.push([...(await peer.time(work, Number(options.steps)))]);
  });
  const ofTorch = (rounds.get(torch) ?? []).map(median);
  return peers.map((peer) => {
    const times = rounds.get(peer) ?? [];
    const medians = times.map(median);
    return {
      work,
      peer: peer.name,
      ms: median(times.flat()),
      spread: [Math.min(...medians), Math.max(...medians)],
      toTorch: pairedRatio(medians, ofTorch),
    };
  });
}
