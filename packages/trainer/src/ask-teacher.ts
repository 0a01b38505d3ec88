import type { Batch, TeacherAnswer } from '@kd/core';
import type { Objective } from '@kd/recipe';

/**
 * The teacher's answer for a batch, or "aborted" if the signal cancelled it; a training then ends as if the
 * signal had ended it.
 */
export async function askTeacher(
  objective: Objective,
  batch: Batch,
  signal: AbortSignal | undefined,
): Promise<TeacherAnswer | undefined | 'aborted'> {
  try {
    return await objective.ask(batch, signal);
  } catch (error) {
    if (signal?.aborted === true) return 'aborted';
    throw error;
  }
}
