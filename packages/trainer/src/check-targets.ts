import type { Targets } from '@kd/core';
import type { Objective } from '@kd/recipe';
import { checkAccumulable } from './check-accumulation.js';

/** Rejects targets that the terms cannot use, or cannot use when a step has several batches. */
export async function checkTargets(
  where: string,
  objective: Objective,
  accumulationSteps: number,
  targets: Targets,
): Promise<void> {
  if (accumulationSteps > 1) checkAccumulable(where, targets);
  await objective.checkTargets(targets);
}
