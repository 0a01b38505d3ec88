import { dispose, grad, memory } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Expects `body` to leave as many tensors as there were before it. Dispose in `body` what it returns. */
export async function expectNoLeak(body: () => void | Promise<void>): Promise<void> {
  const before = memory().numTensors;
  await body();
  expect(memory().numTensors - before, 'tensors left behind').toBe(0);
}

/**
 * Expects a loss to leave its result alone, outside tf.tidy, and nothing behind its gradient with respect to the student;
 * what it is given stays.
 */
export async function expectNoLeakOfLoss(
  given: () => readonly [teacher: Tensor, student: Tensor],
  loss: (teacher: Tensor, student: Tensor) => Tensor,
): Promise<void> {
  for (const of of [loss, (t: Tensor, s: Tensor) => grad((x: Tensor) => loss(t, x))(s)])
    await expectNoLeak(() => {
      const tensors = given();
      of(...tensors).dispose();
      expect(tensors.map(({ isDisposed }) => isDisposed)).toEqual([false, false]);
      dispose([...tensors]);
    });
}
