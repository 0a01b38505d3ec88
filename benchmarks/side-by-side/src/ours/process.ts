// A process with one backend that trains on request: process.ts wasm|tensorflow
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import { readWeights } from '@kd-benchmarks/experiment';
import type { Answers, Request } from '../messages.js';
import type { Sent } from '../our-peer.js';
import { readWork } from '../work/read-work.js';
import { bytesOf } from '../work/digested-file.js';
import { joined } from '../work/weights.js';
import { pausedTraining } from './paused-training.js';
import type { PausedTraining } from './paused-training.js';

const backend = process.argv[2] as 'wasm' | 'tensorflow';
let training: PausedTraining | undefined;

async function answer(request: Request): Promise<Answers[keyof Answers]> {
  if (request.type === 'start') {
    training = pausedTraining(await readWork(request.folder), request.recipe);
    return {};
  }
  if (training === undefined) throw new Error('No run has been started.');
  if (request.type === 'steps') return training.steps(request.count);
  await writeFile(request.file, bytesOf(joined(await readWeights(training.student))));
  return { peakBytes: process.resourceUsage().maxRSS * 1024 };
}

const send = (message: Sent | { type: 'failure'; message: string }): void => void process.send?.(message);
const fail = (error: unknown): void => {
  send({ type: 'failure', message: error instanceof Error ? error.message : String(error) });
};
process.on('message', (request: Request) => {
  answer(request).then((answer) => {
    send({ type: 'answer', answer });
  }, fail);
});
process.on('disconnect', () => process.exit());
selectBackend({ require: backend, threads: availableParallelism() }).then(({ device }) => {
  send({ type: 'about', about: device });
}, fail);
