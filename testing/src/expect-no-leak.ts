import { dispose, grad, memory } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Expects `body` not to change the number of tensors. Dispose its results inside `body`. */
export async function expectNoLeak(body: () => void | Promise<void>): Promise<void> {
  const before = memory().numTensors;
  await body();
  expect(memory().numTensors - before, 'tensors left behind').toBe(0);
}

/**
 * Expects a loss, outside tf.tidy, to leave only its result, and its gradient with respect to the student to
 * leave nothing. Its arguments must not be disposed.
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
