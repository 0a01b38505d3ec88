// Times our training steps and PyTorch's on the same processors, in alternating rounds: npm run bench:peers
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { costOfSoftTargets } from './cost-of-soft-targets.js';
import type { CostOfSoftTargets } from './cost-of-soft-targets.js';
import { pythonWithTorch } from './install-torch.js';
import { environmentFor } from './isa.js';
import { thisMachine } from './machine.js';
import { memoryOf } from './memory.js';
import type { MemoryOfWork } from './memory.js';
import { readOptions } from './options.js';
import { isTorch } from './peer.js';
import { describeCost, describeMemory, describeRow } from './report.js';
import { readResult, saveResult } from './results.js';
import { withRow } from './row.js';
import { timeWork } from './time-work.js';
import { workOf } from './works.js';

const options = readOptions();
const { out, isa, peers, warmUp, rounds, steps, reruns } = options;
const machine = thisMachine();
const env = environmentFor(isa, process.env);
const needsTorch = peers.some((name) => isTorch({ name })) && rounds + options.pairedRounds > 0;
const python = needsTorch ? await pythonWithTorch(options.environment, options.python) : undefined;
const start = { python, env };

if (rounds > 0) await timeAll();
if (options.pairedRounds > 0) await compareWithSoftTargets();
if (options.memorySteps > 0) await watchAll();

/** Saves after each work, so that an interrupted run has what it measured. */
async function timeAll(): Promise<void> {
  const settings = { rounds, steps, reruns, warmUp };
  const earlier = options.keep ? await readResult(out, isa) : undefined;
  if (earlier !== undefined && !isDeepStrictEqual([earlier.machine, earlier.settings], [machine, settings]))
    throw new Error('--keep: the rows of the result file were measured on another machine or otherwise.');
  let rows = earlier?.rows ?? [];
  let about = earlier?.about ?? {};
  for (const name of options.works) {
    const timed = await timeWork(workOf(name), peers, start, settings);
    console.log(describeRow(timed.row));
    rows = withRow(rows, timed.row);
    about = { ...about, ...timed.about };
    await saveResult(out, isa, { isa, machine, settings, about, rows });
  }
}

async function compareWithSoftTargets(): Promise<void> {
  const settings = { rounds: options.pairedRounds, steps: options.pairedSteps, warmUp };
  const costs: CostOfSoftTargets[] = [];
  for (const net of options.nets) {
    const own = await costOfSoftTargets(net, peers, start, settings);
    for (const cost of own) console.log(describeCost(cost));
    costs.push(...own);
    const file = isa === 'avx2' ? 'soft-targets-avx2' : 'soft-targets';
    await saveResult(out, file, { isa, machine, settings, costs });
  }
}

async function watchAll(): Promise<void> {
  const works: MemoryOfWork[] = [];
  for (const name of options.memoryWorks) {
    const memory = await memoryOf(workOf(name), 'compiled', options.memorySteps, env);
    console.log(describeMemory(memory));
    works.push(memory);
    await saveResult(out, 'memory', { machine, settings: { steps: options.memorySteps }, works });
  }
}
