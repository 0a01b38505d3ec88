import { KdError } from '@kd/core';
import type { StepNumbers } from './read-step.js';

/**
 * Throws `KD_STEP_NOT_FINITE`, naming the term, if a number of the step is NaN or infinite. Nothing has been
 * applied yet.
 */
export function checkFiniteStep(
  { total, losses, normalizers, gradientNorm }: StepNumbers,
  where: string,
): void {
  const wrong = Object.entries({ ...losses, total, 'the gradient norm': gradientNorm }).find(
    // A loss for which nothing counts is NaN by definition; it has no gradient.
    ([name, value]) => !Number.isFinite(value) && normalizers[name] !== 0,
  );
  if (wrong === undefined) return;
  throw new KdError({
    code: 'KD_STEP_NOT_FINITE',
    where,
    argument: wrong[0] in losses ? `the loss of the term ${JSON.stringify(wrong[0])}` : wrong[0],
    expected: 'finite',
    received: String(wrong[1]),
    remedy: 'The weights are unchanged by this step. Lower the learning rate, or inspect this batch.',
  });
}
