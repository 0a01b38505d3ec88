// Chooses the learning rates of `--small` from a grid for each way of training. Each is scored by the mean
// lowest validation error over seeds that the table does not use. The test digits are not used.
//
//   npm run choose -w @kd-benchmarks/fitnets-mnist
//
// runs/choose keeps finished trainings, so that a second run does not repeat them.
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import process from 'node:process';
import { meanOf, runExperiment } from '@kd-benchmarks/experiment';
import type { ProcessPool } from '@kd-benchmarks/experiment';
import { studentJob, teacherJob } from './arm.js';
import type { Arm } from './arm.js';
import type { Job, Outcome } from './job.js';
import { armsOf, small, smallTrainings } from './settings.js';
import { guidedLayer } from './plans.js';

const out = 'runs/choose';
const file = `${out}/trials.jsonl`;
const seeds = [101, 102, 103];
const learningRates = [0.002, 0.004, 0.008, 0.016];

/** The arms to try: each with several learning rates, and hints, then KD with rates for both stages. */
function candidates([labels, distilled, joint, afterHints]: ReturnType<typeof armsOf>): Arm[] {
  const at = (arm: Arm, learningRate: number, note = ''): Arm => ({
    ...arm,
    name: `${arm.name} ${String(learningRate)}${note}`,
    // The table has one epoch less for every arm, to save time.
    training: { ...arm.training, learningRate, epochs: arm.training.epochs + 1 },
  });
  const hintRates = [0.002, 0.008];
  return [
    ...[labels, distilled, joint].flatMap((arm) => learningRates.map((rate) => at(arm, rate))),
    ...hintRates.flatMap((hintRate) =>
      // The two best rates for KD, because the second stage is KD.
      [0.004, 0.008].map((rate) => {
        const hints = {
          guided: guidedLayer,
          strategy: 'two stages',
          stage: { epochs: 2, learningRate: hintRate },
        } as const;
        return at({ ...afterHints, teaching: { hints } }, rate, ` after hints at ${String(hintRate)}`);
      }),
    ),
  ];
}

async function choose(pool: ProcessPool<Job, Outcome>): Promise<void> {
  await mkdir(out, { recursive: true });
  const known = new Map(
    (await readFile(file, 'utf8').catch(() => ''))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as [name: string, error: number]),
  );
  const shared = { backend: 'wasm', out } as const;
  const { validation, teaching, transfer, teacherPlan, studentPlan } = small;
  const teacher = teacherJob(teacherPlan, { validation, learning: teaching }, small.teacher, shared);
  const silent = (): void => undefined;
  // Its checkpoint stays, so this trains only once.
  const [taught] = await pool.run([teacher], silent, silent);
  if (taught === undefined || taught.reason === 'aborted') return;
  for (const arm of candidates(armsOf(guidedLayer, smallTrainings))) {
    const jobs = seeds.map((seed) =>
      studentJob(
        { arm, plan: studentPlan, seed, name: `${arm.name}, seed ${String(seed)}` },
        { validation, learning: transfer },
        { plan: teacherPlan, weights: taught.weights },
        shared,
      ),
    );
    const fresh = jobs.filter(({ name }) => !known.has(name));
    const outcomes = await pool.run(fresh, silent, silent);
    for (const [index, { name }] of fresh.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined || outcome.reason === 'aborted') return;
      known.set(name, outcome.bestValidationError);
      await appendFile(file, `${JSON.stringify([name, outcome.bestValidationError])}\n`);
    }
    const errors = jobs.map(({ name }) => known.get(name) ?? NaN);
    console.log(
      `${meanOf(errors).toFixed(2)} %  ${arm.name}  (${errors.map((error) => error.toFixed(1)).join(', ')})`,
    );
  }
}

const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C stops it; run the same command again to resume.';
runExperiment<Job, Outcome>({ out, backend: 'wasm', script, onCtrlC }, async ({ pool }) => {
  await choose(pool);
  process.exitCode = 0;
});
