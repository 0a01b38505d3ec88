// Compares training steps on a GPU with PyTorch's, and writes one JSON. It ends with status 0 whatever the
// machine lacks: the result says what could not be done, and why.
import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { works } from '../steps/works.js';
import { budgetOf } from './budget.js';
import { chooseBackend } from './choose-backend.js';
import { describeMachine } from './machine.js';
import { gpuCommand } from './options.js';
import type { Options } from './options.js';
import { peerOf } from './peer.js';
import { peersOf } from './peers.js';
import { libraries, nodeCommand } from './place.js';
import { reportTo } from './report.js';
import { runDoctor } from './run-doctor.js';
import { runQuickstart } from './run-quickstart.js';
import { timeWork } from './time-work.js';
import { findVulkan } from './vulkan.js';

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const options = gpuCommand().parse(process.argv).opts<Options>();
const { out, minutes, software, python, rounds, steps } = options;
const budget = budgetOf(minutes);
const report = reportTo(out, { format: 1, date: new Date().toISOString(), minutes, software }, budget);
const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
const vulkan = findVulkan({ exists: existsSync, namesIn }, libraries, software, process.env);
// By default TensorFlow takes all memory of the GPU, and the other peers find none.
const env = { ...vulkan.env, TF_FORCE_GPU_ALLOW_GROWTH: 'true', TF_CPP_MIN_LOG_LEVEL: '2' };

const machine = await describeMachine(python, vulkan);
report.add('machine', machine);

const wanted = options.backend ?? (software ? 'webgpu' : 'any');
const trial = peerOf('trial', nodeCommand('steps', [wanted, 'never'], env));
const backend = chooseBackend(await trial.start(budget.grant(90) ?? 1), software);
trial.close();
report.add('backend', backend);
console.log(`Backend: ${backend.why}`);

await part('doctor', 190, (seconds) => runDoctor(env, seconds, report));

const peers = peersOf(backend, machine, options, env, report);
const effort = software ? { rounds: 2, steps: 2, warmUp: 2 } : { rounds, steps, warmUp: 150 };
if (peers.length > 0) {
  for (const work of software ? works.tiny : works.small) await timeWork(work, peers, effort, budget, report);
}
const { name } = backend;
if (name === null) report.cannot('quickstart', backend.why);
else if (name === 'webgpu' && software) report.cannot('quickstart', 'WebGPU in software is too slow for it');
else await part('quickstart', 150, (seconds) => runQuickstart(name, software, env, seconds, report));
if (peers.length > 0 && !software) {
  // Each step takes longer, so fewer of them tell as much.
  for (const work of works.large)
    await timeWork(work, peers, { ...effort, warmUp: Math.min(10, effort.warmUp) }, budget, report);
}
for (const peer of peers) peer.close();
report.finish();
process.exit();

/** Runs a part if there is time for it; a fault in it is reported, and the rest goes on. */
async function part(name: string, most: number, run: (seconds: number) => Promise<void>): Promise<void> {
  const seconds = budget.grant(most);
  if (seconds === undefined) report.cannot(name, 'the time is up');
  else
    await run(seconds).catch((error: unknown) => {
      report.cannot(name, String(error));
    });
}
