import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
import type { Worker } from 'node:worker_threads';
import { withinSeconds } from '../select-backend/time-limit.js';
import { threadWorkers, workerSource } from './thread-worker.js';

/** The part used here of the module that Emscripten builds for threads. */
export interface ThreadedModule {
  readonly PThread: {
    /** Idle workers, more than needed. */
    readonly unusedWorkers: Worker[];
    /** The active workers of the pool. */
    readonly runningWorkers: Worker[];
  };
  cwrap(name: string, returns: string | null, parameters: readonly string[]): (...values: number[]) => number;
}

type Factory = (config: {
  locateFile: (path: string) => string;
  mainScriptUrlOrBlob: string;
}) => Promise<ThreadedModule>;

const secondsToStart = 15;
const require = createRequire(import.meta.url);
const script = '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';

/**
 * Compiles the threaded build of the installed wasm package for `threads` threads.
 *
 * The script is written for browsers: it expects a global `Worker`, uses at most half of the processors, and
 * makes the process rethrow whatever was thrown. So we compile it as a function, pass in its free names, and
 * change nothing global. If it fails, nothing of it remains.
 */
export async function loadThreadedModule(threads: number): Promise<ThreadedModule> {
  const file = require.resolve(script);
  const requireFromScript = createRequire(file);
  const module = { exports: {} };
  const workers = threadWorkers(workerSource());
  const given = {
    exports: module.exports,
    module,
    require: (id: string): unknown =>
      id === 'os' ? { ...os, cpus: () => Array.from({ length: 2 * threads }) } : requireFromScript(id),
    __filename: file,
    __dirname: dirname(file),
    process: withoutListeners(process),
    global: {},
    Worker: workers.Worker,
  };
  const run: unknown = compileFunction(readFileSync(file, 'utf8'), Object.keys(given), { filename: file });
  (run as (...values: unknown[]) => void)(...Object.values(given));
  const start = async (): Promise<ThreadedModule> =>
    (module.exports as Factory)({
      locateFile: (path) => `${dirname(file)}/${path}`,
      mainScriptUrlOrBlob: file,
    });
  try {
    const loaded = await withinSeconds(secondsToStart, Promise.race([start(), workers.failure]));
    workers.settle();
    return loaded;
  } catch (error) {
    workers.end();
    throw error;
  }
}

/** A `process` that ignores listeners. */
function withoutListeners(real: NodeJS.Process): NodeJS.Process {
  const stand: NodeJS.Process = Object.create(real, { on: { value: () => stand } }) as NodeJS.Process;
  return stand;
}
