import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);

/**
 * The source of the workers, from the installed package; line breaks inside its strings are escaped twice.
 */
export function workerSource(): string {
  const { wasmWorkerContents } =
    require('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js') as {
      wasmWorkerContents: string;
    };
  return wasmWorkerContents.replaceAll('\n', String.raw`\n`);
}

/** The workers of one start. */
export interface ThreadWorkers {
  /**
   * A constructor in place of the browser's `Worker`: whatever script is requested, it runs the given source.
   */
  readonly Worker: () => Worker;
  /** Rejects when a worker fails or ends before `settle` is called. */
  readonly failure: Promise<never>;
  /** Call this when the start has succeeded: afterwards an error in a worker is an error of the process. */
  readonly settle: () => void;
  /** Ends all workers; they keep the process alive until they have loaded their module. */
  readonly end: () => void;
}

/** Creates workers that run a source. */
export function threadWorkers(source: string): ThreadWorkers {
  const workers: Worker[] = [];
  let isStarted = false;
  let fail: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Handled here, because it may reject before anyone awaits it.
  failure.catch(() => undefined);
  return {
    Worker: function threadWorker() {
      // No execArgv: a thread that only computes needs neither the program's loader nor its inspector.
      const worker = new Worker(source, { eval: true, execArgv: [] });
      workers.push(worker);
      worker.once('error', fail).once('exit', () => {
        fail(new Error('a thread ended'));
      });
      // The script sets a handler here that throws, which would end the process although one thread can still
      // compute.
      const onError = (error: Error): void => {
        if (isStarted) throw error;
      };
      return Object.defineProperty(worker, 'onerror', { get: () => onError, set: () => undefined });
    },
    failure,
    settle: () => {
      isStarted = true;
    },
    // Not settled: the other workers may still fail before they end, and nobody needs to know.
    end: () => {
      for (const worker of workers) void worker.terminate();
    },
  };
}
