import type { ProcessPool } from '@kd-benchmarks/experiment';
import { inTurns, median } from '@kd-benchmarks/shared';
import type { Cost, CostJob, Job, Outcome } from './job.js';
import type { Method } from './methods/method.js';
import { alone } from './methods/of-labels.js';
import type { ResultsFile } from './results.js';

/** Steps of an epoch whose time is measured. */
const steps = 40;
/** How often the plain step and a method take turns, as processes differ in speed. */
const rounds = 3;

/** Times the steps of all methods without a cost, in turns with the plain step, in processes of their own. */
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
    const chosen = entry?.result?.chosen;
    if (signal.aborted || entry?.cost !== undefined || chosen === undefined) continue;
    console.log(`Timing ${method.name} ...`);
    const [plain, own]: [Cost[], Cost[]] = [[], []];
    await inTurns(rounds, [plain, own], async (costs) => {
      const cost = costs === plain ? await costOf(alone, 1) : await costOf(method, chosen);
      if (cost !== undefined) costs.push(cost);
    });
    if (plain.length === rounds && own.length === rounds)
      await results.save(method.name, { cost: { own: medianOf(own), plain: medianOf(plain) } });
  }
}

function medianOf(costs: readonly Cost[]): Cost {
  return {
    milliseconds: median(costs.map(({ milliseconds }) => milliseconds)),
    memory: median(costs.map(({ memory }) => memory)),
  };
}
