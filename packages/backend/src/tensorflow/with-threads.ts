import { availableParallelism } from 'node:os';
import process from 'node:process';
import { engine } from '@tensorflow/tfjs-core';
import { KdError } from '@kd/core';
import { backendName } from '../native-kernels/run-op.js';

// All copies of this file in a process share Symbol.for.
const loadedWith = Symbol.for('@kd/backend/tensorflow-threads');

const variables = ['TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS'];

/**
 * Loads tfjs-node with this number of threads; undefined leaves the number to TensorFlow.
 *
 * TensorFlow reads the number from the environment, once, while its binding is loaded. So the environment has
 * it just as long, and processes that the program starts do not inherit it.
 *
 * @throws `KD_OPTION_RANGE` if tfjs-node is loaded already, with another number
 */
export async function withThreads(threads: number | undefined, load: () => Promise<unknown>): Promise<void> {
  if (isLoaded()) {
    if (threads !== undefined) checkLoadedWith(threads);
    // Of the two packages, it may be the other one that is loaded.
    await load();
    return;
  }
  const before = variables.map((name) => [name, process.env[name]] as const);
  if (threads !== undefined) for (const name of variables) process.env[name] = String(threads);
  const given = Number(process.env['TF_NUM_INTRAOP_THREADS']);
  try {
    await load();
    Reflect.set(globalThis, loadedWith, given);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

function isLoaded(): boolean {
  return backendName in engine().registryFactory;
}

function checkLoadedWith(threads: number): void {
  // Whoever imported tfjs-node without this package left the number to the environment.
  const noted = (Reflect.get(globalThis, loadedWith) ??
    Number(process.env['TF_NUM_INTRAOP_THREADS'])) as number;
  const loaded = noted > 0 ? noted : availableParallelism();
  if (loaded === threads) return;
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where: 'selectBackend',
    argument: 'options.threads',
    expected: `${String(loaded)}, the number of threads that tfjs-node was loaded with`,
    received: String(threads),
    remedy: 'Call selectBackend before tfjs-node is imported, or leave options.threads out.',
  });
}
