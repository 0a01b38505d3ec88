import { defaultClientConditions } from 'vite';
import type { UserConfig } from 'vite';

const config: UserConfig = {
  // Inside this repository the packages are taken from their sources; outside it, leave this line out.
  resolve: { conditions: ['@kd/source', ...defaultClientConditions] },
  // With these headers a page may share memory with its workers, so that wasm computes on several threads.
  server: {
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
  build: {
    target: 'es2022', // `await` at the top of train.ts.
    chunkSizeWarningLimit: 2_000, // TensorFlow.js is large.
    // tfjs hands the source of its threaded module to workers, where `typeof x !== 'undefined'` has to stay
    // as it is.
    rolldownOptions: { output: { minify: { compress: false } } },
  },
};

export default config;
