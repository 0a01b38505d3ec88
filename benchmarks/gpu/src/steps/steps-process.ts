// A process with one backend, which makes training steps on request: a line of JSON in, a line of JSON out.
// Its arguments: the backend or "any", and "auto" or "never" for compiled steps.
import process from 'node:process';
import { createInterface } from 'node:readline';
import { selectBackend } from '@kd/backend/node';
import type { BackendName } from '@kd/backend/node';
import type { Compile } from '@kd/core';
import type { Failure, Ready, TimeRequest, Times } from './messages.js';
import { prepareWork } from './prepare-work.js';
import type { PreparedWork } from './prepare-work.js';
import { timeSteps } from './time-steps.js';

const [wanted, compile] = process.argv.slice(2) as [BackendName | 'any', Compile];
let current: { readonly name: string; readonly prepared: PreparedWork } | undefined;

function preparedOf({ work }: TimeRequest): PreparedWork {
  if (current?.name === work.name) return current.prepared;
  // One work at a time, for its memory.
  current?.prepared.dispose();
  current = undefined;
  const prepared = prepareWork(work);
  current = { name: work.name, prepared };
  return prepared;
}

async function start(): Promise<Ready> {
  const backend = await selectBackend(wanted === 'any' ? {} : { require: wanted });
  return { type: 'ready', about: `${backend.package} on ${backend.device}`, backend };
}

async function failing<T>(body: () => Promise<T>): Promise<T | Failure> {
  try {
    return await body();
  } catch (error) {
    return { type: 'failure', message: error instanceof Error ? error.message : String(error) };
  }
}

const send = (message: Ready | Times | Failure): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

send(await failing(start));
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as TimeRequest;
  send(await failing(async () => timeSteps(preparedOf(request), request, compile)));
}
process.exit();
