import type { Job } from './job.js';
import { multiplicationsOf } from './multiplications.js';

/** The cost of a training, up to a constant factor: backward is twice the forward. */
export function workOf({ plan, digits: { learning, validation }, training }: Job): number {
  // The constant is the cost of the layers that do not multiply.
  return (multiplicationsOf(plan) + 1_000_000) * training.epochs * (3 * learning + validation);
}
