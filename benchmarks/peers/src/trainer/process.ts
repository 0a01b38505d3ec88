// A process with one backend that trains on request: process.ts tensorflow|wasm auto|never [watched]
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import type { Answer, Held, Request } from '../messages.js';
import { workOf } from '../works.js';
import { watchMemory } from './held.js';
import { pausedTraining } from './paused-training.js';
import type { PausedTraining } from './paused-training.js';

const [backend, compile, watched] = process.argv.slice(2) as [
  'tensorflow' | 'wasm',
  'auto' | 'never',
  'watched'?,
];
const trainings = new Map<string, Promise<PausedTraining>>();
let held: (() => Held) | undefined;

async function start(): Promise<Answer> {
  const { device } = await selectBackend({ require: backend, threads: availableParallelism() });
  if (watched !== undefined) held = watchMemory();
  return { type: 'ready', device };
}

async function answer(request: Request): Promise<Answer> {
  if (request.type === 'held') {
    if (held === undefined) throw new Error('The memory of this process is not watched.');
    return { type: 'held', ...held() };
  }
  const training = trainings.get(request.work) ?? pausedTraining(workOf(request.work), compile);
  trainings.set(request.work, training);
  return { type: 'turn', ...(await (await training).turn(request.steps)) };
}

const send = (message: Answer): void => void process.send?.(message);
const fail = (error: unknown): void => {
  send({ type: 'failure', message: error instanceof Error ? error.message : String(error) });
};
process.on('message', (request: Request) => {
  answer(request).then(send, fail);
});
process.on('disconnect', () => process.exit());
start().then(send, fail);
