import type { Worker } from 'node:worker_threads';
import { engine, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { loadThreadedModule } from './load-factory.js';
import type { ThreadedModule } from './load-factory.js';

/** The maximum number of threads of tfjs's wasm backend. */
export const mostThreads = 8;

// tfjs's own value; it decides which backend starts by default.
const priority = 2;

/**
 * Registers a wasm backend with several threads in place of tfjs's own, which has one thread under Node.
 *
 * @param threads from 2 to `mostThreads`
 * @throws whatever fails on the way; tfjs's own backend is then registered as before
 */
export async function registerThreadedWasm(threads: number): Promise<void> {
  if ('wasm' in engine().registry) throw new Error('the wasm backend was started before');
  const { BackendWasm, getThreadsCount, setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  const module = await loadThreadedModule(threads);
  // The calling thread computes too.
  const { unusedWorkers, runningWorkers } = module.PThread;
  endAll(unusedWorkers.splice(threads - 1));
  let backend: BackendWasm;
  try {
    setThreadsCount(threads);
    backend = new BackendWasm(withBindings(module));
    if (getThreadsCount() !== threads) throw new Error(`it started ${String(getThreadsCount())} threads`);
  } catch (error) {
    endAll([...unusedWorkers, ...runningWorkers]);
    throw error;
  }
  // They wait for work as long as the process lives, but must not keep it alive.
  for (const worker of runningWorkers) worker.unref();
  removeBackend('wasm');
  registerBackend('wasm', () => backend, priority);
}

function endAll(workers: readonly Worker[]): void {
  for (const worker of workers) void worker.terminate();
}

/** The functions that the backend calls, bound as tfjs binds them to a module that it loaded itself. */
function withBindings(module: ThreadedModule): BackendWasm['wasm'] {
  const bind = (
    name: string,
    returns: string | null,
    parameters: number,
  ): ReturnType<ThreadedModule['cwrap']> =>
    module.cwrap(name, returns, new Array<string>(parameters).fill('number'));
  const tfjs = {
    init: bind('init', null, 0),
    initWithThreadsCount: bind('init_with_threads_count', null, 1),
    getThreadsCount: bind('get_threads_count', 'number', 0),
    registerTensor: bind('register_tensor', null, 3),
    disposeData: bind('dispose_data', null, 1),
    dispose: bind('dispose', null, 0),
  };
  return Object.assign(module, { tfjs });
}
