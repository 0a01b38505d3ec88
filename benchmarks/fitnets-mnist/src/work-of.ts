import type { Job } from './job.js';
import { net } from './models.js';
import { multiplicationsOf } from './multiplications.js';
import type { Plan } from './plan.js';

const costs = new Map<Plan, number>();

/** The cost of a training, up to a constant factor: backward is twice the forward. */
export function workOf({ plan, digits: { learning, validation }, training }: Job): number {
  return costOf(plan) * training.epochs * (3 * learning + validation);
}

function costOf(plan: Plan): number {
  const known = costs.get(plan);
  if (known !== undefined) return known;
  const model = net(plan, { seed: 0 });
  // The constant is the cost of the layers that do not multiply.
  const cost = multiplicationsOf(model) + 1_000_000;
  model.dispose();
  costs.set(plan, cost);
  return cost;
}
