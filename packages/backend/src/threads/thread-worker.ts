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

/** A constructor that stands in for `Worker` of browsers: whatever script is asked for, it runs the given source. */
export function workerOf(source: string): () => Worker {
  return function threadWorker() {
    // No execArgv: a loader or an inspector of the program is of no use in a thread that only computes.
    return new Worker(source, { eval: true, execArgv: [] });
  };
}
