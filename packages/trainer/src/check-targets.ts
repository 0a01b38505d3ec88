import type { Targets } from '@kd/core';
import type { Objective } from '@kd/recipe';
import { checkAccumulable } from './check-accumulation.js';

/** Rejects for targets that the terms cannot use, or not in a step of several batches. */
export async function checkTargets(
  where: string,
  objective: Objective,
  batchesPerStep: number,
  targets: Targets,
): Promise<void> {
  if (batchesPerStep > 1) checkAccumulable(where, targets);
  await objective.checkTargets(targets);
}
