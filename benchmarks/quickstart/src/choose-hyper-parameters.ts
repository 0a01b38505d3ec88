// Chooses the hyper-parameters of all models by one procedure: a grid, scored by the mean best validation
// accuracy over seeds that the quickstart does not use. Both arms of the comparison get the same learning
// rates, the same limit of epochs and the same patience; the distilled arm also has a temperature and a soft
// weight. The test digits are not used.
//
//   npm run choose -w @kd-benchmarks/quickstart
//
// Every trial is a line in runs/choose/trials.jsonl, so that a second run does not repeat it.
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import type { Budget } from './arms.js';
import type { Job, JobTeacher } from './jobs.js';
import { processPool } from '@kd-benchmarks/experiment';
import type { Outcome } from './run-job.js';

const folder = 'runs/choose';
const file = `${folder}/trials.jsonl`;
const shared = { transferSize: 10_000, backend: 'wasm' } as const;
const learningRates = [0.001, 0.002, 0.004, 0.008];
const seeds = [101, 102];

interface Trial {
  readonly name: string;
  readonly accuracy: number;
  readonly bestEpoch: number;
}

const pool = processPool<Job, Outcome>(new URL('job-process.ts', import.meta.url), { size: 2, threads: 1 });
await mkdir(folder, { recursive: true });
const text = await readFile(file, 'utf8').catch(() => '');
const known = new Map(
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Trial)
    .map((trial) => [trial.name, trial]),
);

/** Runs the jobs that have no trial yet; returns trials in the order of the jobs. */
async function trialsOf(jobs: readonly Job[]): Promise<Trial[]> {
  const fresh = jobs.filter(({ name }) => !known.has(name));
  await Promise.all(
    (
      await pool.run(
        fresh,
        () => undefined,
        () => undefined,
      )
    ).map(async (outcome, index) => {
      if (outcome === undefined) return;
      const trial = {
        name: (fresh[index] as Job).name,
        accuracy: outcome.validationAccuracy,
        bestEpoch: outcome.bestEpoch,
      };
      known.set(trial.name, trial);
      await appendFile(file, `${JSON.stringify(trial)}\n`);
    }),
  );
  return jobs.map(({ name }) => known.get(name) as Trial);
}

/** Runs every candidate on all seeds and returns the one with the best mean accuracy. */
async function best<Candidate>(
  what: string,
  candidates: readonly Candidate[],
  jobOf: (c: Candidate, seed: number) => Omit<Job, 'name'>,
): Promise<Candidate> {
  const scored: { candidate: Candidate; accuracy: number; epochs: number }[] = [];
  for (const candidate of candidates) {
    const jobs = seeds.map((seed) => ({
      ...jobOf(candidate, seed),
      name: `${what} ${JSON.stringify(candidate)} seed ${String(seed)}`,
    }));
    const trials = await trialsOf(jobs);
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    scored.push({
      candidate,
      accuracy: mean(trials.map(({ accuracy }) => accuracy)),
      epochs: Math.max(...trials.map(({ bestEpoch }) => bestEpoch + 1)),
    });
  }
  scored.sort((a, b) => b.accuracy - a.accuracy);
  console.log(`\n${what}: mean validation accuracy, latest best epoch`);
  for (const { candidate, accuracy, epochs } of scored) {
    console.log(`  ${accuracy.toFixed(5)}  ${String(epochs).padStart(2)}  ${JSON.stringify(candidate)}`);
  }
  return (scored[0] as (typeof scored)[number]).candidate;
}

const student: Budget = { epochs: 40, batchSize: 128, learningRate: NaN, patience: 10 };
const perceptron = (seed: number): Job['perceptron'] => ({ units: 100, dropout: 0, seed: seed * 1000 });

const teacherGrid = [0.2, 0.4].flatMap((dropout) =>
  [0.001, 0.002].map((learningRate) => ({ dropout, learningRate })),
);
const teacherBudget: Budget = { epochs: 8, batchSize: 256, learningRate: NaN, patience: 100 };
const teacherJob = (
  { dropout, learningRate }: (typeof teacherGrid)[number],
  seed: number,
): Omit<Job, 'name'> => ({
  perceptron: { units: 400, dropout, seed },
  digits: 'teaching',
  budget: { ...teacherBudget, learningRate },
  seed,
  ...shared,
});
const chosenTeacher = await best('teacher', teacherGrid, teacherJob);
await best('teacher on the transfer set', [0.2, 0.4, 0.6], (dropout, seed) => ({
  ...teacherJob({ dropout, learningRate: 0.002 }, seed),
  digits: 'transfer',
  budget: { ...teacherBudget, learningRate: 0.002, epochs: 40, patience: 10 },
}));
const trainedTeacher = { ...teacherJob(chosenTeacher, 1), name: 'teacher' };
const [taught] = await pool.run(
  [trainedTeacher],
  () => undefined,
  () => undefined,
);
const teacher = { perceptron: trainedTeacher.perceptron, weights: taught?.weights ?? [] };

await best('alone', learningRates, (learningRate, seed) => ({
  perceptron: perceptron(seed),
  digits: 'transfer',
  budget: { ...student, learningRate },
  seed,
  ...shared,
}));

type Soft = Pick<JobTeacher, 'temperature' | 'softWeight'> & { learningRate: number };
const distilledJob = ({ learningRate, ...soft }: Soft, seed: number): Omit<Job, 'name'> => ({
  perceptron: perceptron(seed),
  digits: 'transfer',
  budget: { ...student, learningRate },
  seed,
  teacher: { ...teacher, ...soft },
  ...shared,
});
const first = await best(
  'distilled, learning rate',
  learningRates.map((learningRate) => ({ learningRate, temperature: 4, softWeight: 0.9 })),
  distilledJob,
);
const second = await best(
  'distilled, temperature',
  [2, 4, 8].map((temperature) => ({ ...first, temperature })),
  distilledJob,
);
await best(
  'distilled, soft weight',
  [0.3, 0.5, 0.7, 0.9, 0.97].map((softWeight) => ({ ...second, softWeight })),
  distilledJob,
);
pool.close();
