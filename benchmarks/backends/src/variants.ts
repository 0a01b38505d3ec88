import process from 'node:process';
import util from 'node:util';
import { selectBackend } from '@kd/backend/node';
import { adam } from '@kd/optimizers';
import { setBackend, train } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';

/** A backend in one of its states. */
export interface Variant {
  readonly backend: 'cpu' | 'wasm' | 'tensorflow';
  readonly variant: 'stock' | 'ours' | 'ours-1' | 'ours-2';
  /** A step takes seconds, so fewer are timed. */
  readonly slow: boolean;
  readonly start: () => Promise<unknown>;
  readonly optimizer: () => Optimizer;
}

/** All variants to compare; one process can have only one of them. */
export const variants: readonly Variant[] = [
  { backend: 'cpu', variant: 'stock', slow: true, start: startStockCpu, optimizer: stockAdam },
  { backend: 'wasm', variant: 'stock', slow: false, start: startStockWasm, optimizer: stockAdam },
  {
    backend: 'wasm',
    variant: 'ours-1',
    slow: false,
    start: () => selectBackend({ require: 'wasm', threads: 1 }),
    optimizer: ourAdam,
  },
  {
    backend: 'wasm',
    variant: 'ours-2',
    slow: false,
    start: () => selectBackend({ require: 'wasm', threads: 2 }),
    optimizer: ourAdam,
  },
  {
    backend: 'tensorflow',
    variant: 'stock',
    slow: false,
    start: startStockTensorflow,
    optimizer: stockAdam,
  },
  {
    backend: 'tensorflow',
    variant: 'ours',
    slow: false,
    start: () => selectBackend({ require: 'tensorflow' }),
    optimizer: ourAdam,
  },
];

function stockAdam(): Optimizer {
  return train.adam(1e-3);
}

function ourAdam(): Optimizer {
  return adam({ learningRate: 1e-3 });
}

// Adds the functions that tfjs-node misses in today's Node, but not the gradients that `selectBackend`
// registers.
async function startStockTensorflow(): Promise<void> {
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray });
  process.env['TF_CPP_MIN_LOG_LEVEL'] = '2';
  await import('@tensorflow/tfjs-node');
  await setBackend('tensorflow');
}

async function startStockCpu(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu');
  await setBackend('cpu');
}

async function startStockWasm(): Promise<void> {
  await import('@tensorflow/tfjs-backend-wasm');
  await setBackend('wasm');
}
