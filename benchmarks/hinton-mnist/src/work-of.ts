import { countParameters } from './net.js';
import type { Job } from './job.js';

/** The cost of a training, up to a constant factor: per example, a part that does not depend on the net. */
export function workOf({ shape: { units }, digits: { count, without = [] }, training }: Job): number {
  return count * (1 - without.length / 10) * training.epochs * (3 * countParameters(units) + 150_000);
}
