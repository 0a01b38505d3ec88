import { selectBackend } from '@kd/backend/node';
import { setBackend } from '@tensorflow/tfjs-core';

/** A backend in one of its states. */
export interface Variant {
  readonly backend: 'cpu' | 'wasm' | 'tensorflow';
  readonly variant: 'stock' | 'ours-1' | 'ours-2';
  /** A step takes seconds: fewer are timed. */
  readonly slow: boolean;
  readonly start: () => Promise<unknown>;
}

/** All that can be compared here; a process can have one of them only. */
export const variants: readonly Variant[] = [
  { backend: 'cpu', variant: 'stock', slow: true, start: startStockCpu },
  { backend: 'wasm', variant: 'stock', slow: false, start: startStockWasm },
  {
    backend: 'wasm',
    variant: 'ours-1',
    slow: false,
    start: () => selectBackend({ require: 'wasm', threads: 1 }),
  },
  {
    backend: 'wasm',
    variant: 'ours-2',
    slow: false,
    start: () => selectBackend({ require: 'wasm', threads: 2 }),
  },
  {
    backend: 'tensorflow',
    variant: 'stock',
    slow: false,
    start: () => selectBackend({ require: 'tensorflow' }),
  },
];

async function startStockCpu(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu');
  await setBackend('cpu');
}

async function startStockWasm(): Promise<void> {
  await import('@tensorflow/tfjs-backend-wasm');
  await setBackend('wasm');
}
