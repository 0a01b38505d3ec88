import { availableParallelism } from 'node:os';
import { activate } from '../select-backend/activate.js';
import type { StartContext } from '../select-backend/candidate.js';
import { importPackage } from '../select-backend/import-package.js';
import { mostThreads, registerThreadedWasm } from './threaded-wasm.js';
import { withoutNewListeners } from './without-new-listeners.js';

/**
 * Starts wasm on several threads, or on one if that fails; returns the number of threads, and the reason if
 * there is only one.
 */
export async function startWasm({ threads, signal }: StartContext): Promise<string> {
  const name = '@tensorflow/tfjs-backend-wasm';
  await importPackage(name);
  const wanted = Math.min(threads ?? availableParallelism(), mostThreads);
  const fault = wanted > 1 ? await faultOf(registerThreadedWasm(wanted)) : undefined;
  await withoutNewListeners(() => activate('wasm', { signal }));
  const { getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  const started = getThreadsCount();
  const device = `processor, ${String(started)} ${started === 1 ? 'thread' : 'threads'}`;
  return fault === undefined || started === wanted
    ? device
    : `${device} (instead of ${String(wanted)}: ${fault})`;
}

async function faultOf(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
