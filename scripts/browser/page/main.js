import { selectBackend } from '@kd/backend';
import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { getBackend } from '@tensorflow/tfjs-core';
import { distil } from './distil.js';

/** The check waits for this: the measurements or the error. */
window.result = measure().catch((error) => ({ error: error.stack ?? error.message }));

async function measure() {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
  });
  // The WebGPU and WebGL packages are not installed, and the bundler must cope with that.
  const { device, skipped } = await selectBackend();
  const start = performance.now();
  const measured = await distil();
  return {
    backend: getBackend(),
    isolated: crossOriginIsolated,
    wasmFiles: performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.wasm'))
      .map(({ name }) => name.replace(/.*\//, '')),
    threads: getThreadsCount(),
    device,
    skipped,
    seconds: (performance.now() - start) / 1000,
    ...measured,
  };
}
