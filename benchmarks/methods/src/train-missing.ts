import { drawProgress } from '@kd-benchmarks/experiment';
import type { ProcessPool } from '@kd-benchmarks/experiment';
import type { Job, MethodJob, Outcome } from './job.js';
import type { Method } from './methods/method.js';
import type { ResultsFile } from './results.js';

/** Trains the students of all methods with fewer of them than seeds, as many as the pool has processes. */
export async function trainMissing(
  methods: readonly Method[],
  shared: Omit<MethodJob, 'kind' | 'name' | 'method'>,
  pool: ProcessPool<Job, Outcome>,
  results: ResultsFile,
): Promise<void> {
  const jobs = methods
    .filter(({ name }) => (results.entry(name)?.result?.students.length ?? 0) < shared.seeds.length)
    .map(({ name }): MethodJob => ({ ...shared, kind: 'method', name, method: name }));
  if (jobs.length === 0) return;
  const { update, end, stop } = drawProgress<Job>(jobs, () => 1);
  const saved: Promise<void>[] = [];
  try {
    await pool.run(jobs, update, (job, { result }) => {
      end(job);
      if (result !== undefined) saved.push(results.save(job.name, { result }));
    });
  } finally {
    stop();
    await Promise.all(saved);
  }
}
