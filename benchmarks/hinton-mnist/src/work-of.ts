import type { Job } from './job.js';

/** The cost of a training, up to a constant factor: per example, a part that does not depend on the net. */
export function workOf({ shape: { units }, digits: { count, without = [] }, training }: Job): number {
  const parameters = 785 * units + (units + 1) * units + 10 * (units + 1);
  return count * (1 - without.length / 10) * training.epochs * (3 * parameters + 150_000);
}
