import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);

/** The source of the workers, from the installed package; its line breaks inside strings are escaped a second time. */
export function workerSource(): string {
  const { wasmWorkerContents } =
    require('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js') as {
      wasmWorkerContents: string;
    };
  return wasmWorkerContents.replaceAll('\n', String.raw`\n`);
}

/** The workers of one start. */
export interface ThreadWorkers {
  /** A constructor that stands in for `Worker` of browsers: whatever script is asked for, it runs the given source. */
  readonly Worker: () => Worker;
  /** Rejects when one of them fails or ends before `settle` is called. */
  readonly failure: Promise<never>;
  /** The start has succeeded: from now on the error of a worker is one of the process. */
  readonly settle: () => void;
  /** Ends them all; until they have loaded their module they keep the process alive. */
  readonly end: () => void;
}

/** Makes workers that run a source. */
export function threadWorkers(source: string): ThreadWorkers {
  const workers: Worker[] = [];
  let isStarted = false;
  let fail: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Who is to wait for it may have failed before.
  failure.catch(() => undefined);
  return {
    Worker: function threadWorker() {
      // No execArgv: a loader or an inspector of the program is of no use in a thread that only computes.
      const worker = new Worker(source, { eval: true, execArgv: [] });
      workers.push(worker);
      worker.once('error', fail).once('exit', () => {
        fail(new Error('a thread ended'));
      });
      // The script puts a handler here that throws, which would end the process where one thread can compute.
      const onError = (error: Error): void => {
        if (isStarted) throw error;
      };
      return Object.defineProperty(worker, 'onerror', { get: () => onError, set: () => undefined });
    },
    failure,
    settle: () => {
      isStarted = true;
    },
    // Not settled: the others may still fail before they are gone, and nobody is to hear of it.
    end: () => {
      for (const worker of workers) void worker.terminate();
    },
  };
}
