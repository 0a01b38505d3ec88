// Chooses how the students of `--small` learn from the teacher, by their errors on validation digits of all
// classes, over seeds that the table does not use. The test digits are not used.
//
//   npm run choose -w @kd-benchmarks/omitted-class
//
// runs/choose keeps finished trainings, so that a second run does not repeat them.
import { meanOf, runExperiment } from '@kd-benchmarks/experiment';
import { tryCandidates } from '@kd-benchmarks/experiment/perceptrons';
import type { Phase, Trained } from '@kd-benchmarks/experiment/perceptrons';
import type { Job, Outcome } from './job.js';
import { phasesOf } from './jobs.js';
import { small, transfers } from './settings.js';

const out = 'runs/choose';
const seeds = [101, 102];
const soft = [
  { temperature: 4, softWeight: 0.5 },
  { temperature: 4, softWeight: 1 },
  { temperature: 8, softWeight: 1 },
];
const candidates: Record<string, Phase<Job, Outcome>[]> = Object.fromEntries(
  soft.map((each) => [
    `T = ${String(each.temperature)}, soft weight ${String(each.softWeight)}`,
    phasesOf({ ...small, soft: each }, seeds, { backend: 'wasm', out }),
  ]),
);

/** Mean validation errors for each transfer set, before and after the correction. */
function tell(trained: readonly Trained<Job, Outcome>[]): string {
  const ofTransfers = transfers.map(({ name }) => {
    const outcomes = trained
      .filter(({ job }) => job.name.startsWith(`student of ${name},`))
      .map(({ outcome }) => outcome);
    const mean = (errorsOf: (outcome: Outcome) => readonly number[]): string =>
      meanOf(outcomes.map((outcome) => errorsOf(outcome).reduce((a, b) => a + b, 0))).toFixed(0);
    const before = mean(({ plain }) => plain.validation);
    const after = mean(({ plain, corrected = plain }) => corrected.validation);
    return `${name} ${before}, corrected ${after}`;
  });
  return ofTransfers.join(' | ');
}

const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C stops it; run the same command again to resume.';
runExperiment<Job, Outcome>({ out, backend: 'wasm', script, onCtrlC }, ({ pool }) =>
  tryCandidates(candidates, pool, tell),
);
