import process from 'node:process';
import { removeCheckpoints } from '../remove-checkpoints.js';
import { runExperiment } from '../run-experiment.js';
import type { ExperimentTools } from '../run-experiment.js';
import type { PerceptronFlags } from './command.js';
import type { PerceptronJob, PerceptronOutcome, Shared, Trained } from './job.js';
import { trainInPhases } from './train-in-phases.js';
import type { Phase } from './train-in-phases.js';

/** What an experiment trains and how it reports. */
export interface PhasedExperiment<Settings, Job, Outcome> {
  readonly settings: Settings;
  readonly phasesOf: (
    settings: Settings,
    seeds: readonly number[],
    shared: Shared,
  ) => readonly Phase<Job, Outcome>[];
  readonly report: (
    trained: readonly Trained<Job, Outcome>[],
    settings: Settings,
    seeds: readonly number[],
    out: string,
    run: { readonly backend: string; readonly seconds: number },
  ) => Promise<void>;
}

/** What Ctrl-C does to trainings with checkpoints, in a sentence. */
export const onCtrlC = 'Ctrl-C stops the training; run the same command again to resume.';

/**
 * Runs an experiment from its command line to its report; the exit status is 130 if Ctrl-C ended it early.
 */
export function runInPhases<Settings, Job extends PerceptronJob, Outcome extends PerceptronOutcome>(
  flags: PerceptronFlags,
  script: URL,
  experiment: PhasedExperiment<Settings, Job, Outcome>,
): void {
  runExperiment<Job, Outcome>({ ...flags, script, onCtrlC }, (tools) =>
    trainAndReport(flags, experiment, tools),
  );
}

/** Runs an experiment with the given tools. */
export async function trainAndReport<Settings, Job extends PerceptronJob, Outcome extends PerceptronOutcome>(
  { seeds: count, out }: Pick<PerceptronFlags, 'seeds' | 'out'>,
  { settings, phasesOf, report }: PhasedExperiment<Settings, Job, Outcome>,
  { backend, pool, seconds }: Omit<ExperimentTools<Job, Outcome>, 'signal'>,
): Promise<void> {
  const seeds = seedsOf({ seeds: count });
  const trained = await trainInPhases(phasesOf(settings, seeds, { backend, out }), pool);
  if (trained === undefined) {
    process.exitCode = 130;
    return;
  }
  await report(trained, settings, seeds, out, { backend, seconds: seconds() });
  await removeCheckpoints(out);
}

/** 1, 2, ... */
export function seedsOf({ seeds }: Pick<PerceptronFlags, 'seeds'>): number[] {
  return Array.from({ length: seeds }, (_, index) => index + 1);
}
