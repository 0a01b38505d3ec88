import type { ProcessPool } from '@kd-benchmarks/experiment';
import type { Cost, CostJob, Job, Outcome } from './job.js';
import type { Method } from './methods/method.js';
import { alone } from './methods/of-labels.js';
import type { ResultsFile } from './results.js';

/** Steps of an epoch whose time is measured. */
const steps = 40;

/** Times the steps of all methods without a cost, each after the plain step, in processes of their own. */
export async function timeMissing(
  methods: readonly Method[],
  shared: Pick<CostJob, 'backend' | 'work' | 'teacher'>,
  pool: () => ProcessPool<Job, Outcome>,
  results: ResultsFile,
  signal: AbortSignal,
): Promise<void> {
  const costOf = async ({ name }: Method, candidate: number): Promise<Cost | undefined> => {
    const one = pool();
    try {
      const job: CostJob = {
        ...shared,
        kind: 'cost',
        name: `cost of ${name}`,
        method: name,
        candidate,
        steps,
      };
      const [outcome] = await one.run(
        [job],
        () => undefined,
        () => undefined,
      );
      return outcome?.cost;
    } finally {
      one.close();
    }
  };
  for (const method of methods) {
    const entry = results.entry(method.name);
    if (signal.aborted || entry?.cost !== undefined || entry?.result === undefined) continue;
    console.log(`Timing ${method.name} ...`);
    const plain = await costOf(alone, 1);
    const own = await costOf(method, entry.result.chosen);
    if (plain !== undefined && own !== undefined) await results.save(method.name, { cost: { own, plain } });
  }
}
