import { access } from 'node:fs/promises';
import type { PoolJob } from '../process-pool.js';
import { runMissing, runParts } from './run-missing.js';
import type { PartTools } from './run-missing.js';

/** How students depend on teachers: by a file that a teacher leaves outside of the repository. */
export interface Lessons<Job> {
  /** The file that a job leaves for its students; undefined if it has none. */
  readonly leaves: (job: Job) => string | undefined;
  /** The file of its teacher that a job needs; undefined if it has no teacher. */
  readonly needs: (job: Job) => string | undefined;
}

/**
 * Runs students. Results are kept in the repository, but what teachers leave for their students is not: a
 * teacher whose file is missing while a student still needs it is trained again.
 *
 * @returns the students' results in their order; undefined for those that Ctrl-C prevented
 */
export async function runWithTeachers<Job extends PoolJob, Result>(
  students: readonly Job[],
  teachers: readonly Job[],
  tools: PartTools<Job, Result>,
  { leaves, needs }: Lessons<Job>,
): Promise<(Result | undefined)[]> {
  const kept = await Promise.all(students.map(({ name }) => tools.parts.read(name)));
  const needed = new Set(students.filter((_, index) => kept[index] === undefined).map(needs));
  const lost: Job[] = [];
  for (const job of teachers) {
    const file = leaves(job);
    if (file !== undefined && needed.has(file) && !(await exists(file))) lost.push(job);
  }
  if (lost.length > 0) {
    if (!(await runParts(lost, tools))) return kept;
  }
  return runMissing(students, tools);
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
