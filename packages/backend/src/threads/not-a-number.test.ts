import { getThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { testActivations } from '../../test/not-a-number/activations.js';
import { testPoolings } from '../../test/not-a-number/poolings.js';
import { selectBackend } from '../select-backend/select-backend.js';

beforeAll(async () => {
  await selectBackend({ require: 'wasm', threads: 2 });
});

it('runs on two threads', () => {
  expect(getThreadsCount()).toBe(2);
});
testActivations();
testPoolings();
