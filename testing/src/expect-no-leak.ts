import { memory } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Expects `body` to leave as many tensors as there were before it. Dispose in `body` what it returns. */
export async function expectNoLeak(body: () => void | Promise<void>): Promise<void> {
  const before = memory().numTensors;
  await body();
  expect(memory().numTensors - before, 'tensors left behind').toBe(0);
}
