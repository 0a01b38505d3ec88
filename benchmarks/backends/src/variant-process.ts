// A process with one backend in one state, which makes training steps on request.
import process from 'node:process';
import { backend, memory } from '@tensorflow/tfjs-core';
import type { Answer, Held, Request } from './messages.js';
import { trainingStep } from './training-step.js';
import { variants } from './variants.js';
import type { Variant } from './variants.js';
import { works } from './works.js';

const { start, optimizer } = variants[Number(process.argv[2])] as Variant;
const steps = new Map<string, () => Promise<number>>();

function stepOf(name: string): () => Promise<number> {
  const work = works.find((candidate) => candidate.name === name);
  if (work === undefined) throw new Error(`unknown work ${name}`);
  const step = steps.get(name) ?? trainingStep(work, optimizer());
  steps.set(name, step);
  return step;
}

async function answer({ type, work, steps: count }: Request): Promise<Answer> {
  const step = stepOf(work);
  if (type === 'memory') return { type, held: await heldOver(step, count) };
  const milliseconds: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await step();
    milliseconds.push(performance.now() - start);
  }
  return { type: 'times', milliseconds };
}

async function heldOver(step: () => Promise<number>, count: number): Promise<Held[]> {
  const held: Held[] = [];
  for (let done = 0; done <= count; done++) {
    if (done % Math.max(1, Math.floor(count / 4)) === 0) {
      const { wasm } = backend() as { readonly wasm?: { readonly HEAPU8: Uint8Array } };
      held.push({
        step: done,
        tensors: memory().numTensors,
        heapBytes: wasm?.HEAPU8.byteLength ?? 0,
        peakBytes: process.resourceUsage().maxRSS * 1024,
      });
    }
    await step();
  }
  return held;
}

const send = (message: Answer): void => void process.send?.(message);
const fail = (error: unknown): void => {
  send({
    type: 'failure',
    message: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error),
  });
};
process.on('message', (request: Request) => {
  answer(request).then(send, fail);
});
process.on('disconnect', () => process.exit());
start().then(() => {
  send({ type: 'ready' });
}, fail);
