import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { drawProgress } from '@kd-benchmarks/experiment';
import type { ProcessPool, Weights } from '@kd-benchmarks/experiment';
import type { Job, Outcome, WorkJob } from './job.js';
import { keptIn } from '@kd-benchmarks/experiment/parts';

/** A trained teacher and its accuracy on the test set, in per cent. */
export interface TrainedTeacher {
  readonly weights: Weights;
  readonly test: number;
}

/** The teacher of a work: from its file, or trained now and saved; undefined if that was interrupted. */
export async function trainedTeacher(
  folder: string,
  work: string,
  shared: Omit<WorkJob, 'name'>,
  pool: ProcessPool<Job, Outcome>,
): Promise<TrainedTeacher | undefined> {
  const file = join(folder, `teacher-${work}.v8`);
  const kept = await keptIn('methods', file, (bytes) => deserialize(bytes) as TrainedTeacher);
  if (kept !== undefined) return kept;
  const job: Job = { ...shared, kind: 'teacher', name: 'teacher' };
  const { update, end, stop } = drawProgress<Job>([job], () => 1);
  try {
    const [outcome] = await pool.run([job], update, end);
    if (outcome?.weights === undefined) return undefined;
    const teacher = { weights: outcome.weights, test: outcome.test ?? NaN };
    await writeFile(`${file}.new`, serialize(teacher));
    await rename(`${file}.new`, file);
    return teacher;
  } finally {
    stop();
  }
}
