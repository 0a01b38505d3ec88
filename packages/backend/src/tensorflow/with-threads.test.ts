import process from 'node:process';
import '@tensorflow/tfjs-backend-cpu';
import { expectKdError } from '@kd/testing';
import { backend, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { withThreads } from './with-threads.js';

const names = ['TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS'];
const environment = (): (string | undefined)[] => names.map((name) => process.env[name]);

it('gives TensorFlow the number while it loads, and refuses another one afterwards', async () => {
  await setBackend('cpu');
  process.env['TF_NUM_INTEROP_THREADS'] = '7';
  const seen: unknown[] = [];
  const load = (): Promise<void> => {
    seen.push(environment());
    registerBackend('tensorflow', () => backend());
    return Promise.resolve();
  };
  await withThreads(3, load);
  expect(seen).toEqual([['3', '3']]);
  expect(environment()).toEqual([undefined, '7']);
  delete process.env['TF_NUM_INTEROP_THREADS'];

  await withThreads(3, () => Promise.resolve());
  await withThreads(undefined, () => Promise.resolve());
  await expectKdError(() => withThreads(2, load), 'KD_OPTION_RANGE', 'options.threads', '3', '2');
  expect(seen).toHaveLength(1);
});
