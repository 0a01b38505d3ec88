import type { StageRun, TrainEvent } from '@kd/trainer';
import { hintEpochsOf, settingsOf } from './job.js';
import type { Job, Result } from './job.js';
import { leftPlateau } from './plateau.js';
import { stepsPerEpoch } from './stages-of.js';

/** What is kept of a training that has ended. `wrong` are the rows that it gets wrong, as bits. */
export function resultOf(
  job: Job,
  stages: readonly StageRun[],
  events: readonly TrainEvent[],
  wrong: string,
): Result {
  const hintEpochs = hintEpochsOf(job);
  const history = stages.at(-1)?.history ?? [];
  const seconds = stages.flatMap((stage) => stage.history.map((epoch) => epoch.seconds));
  return {
    ...settingsOf(job),
    hintEpochs,
    validationErrors: history.map(({ validation }) =>
      Math.round((1 - (validation?.['accuracy'] ?? NaN)) * job.digits.validation),
    ),
    losses: history.at(-1)?.losses ?? {},
    leftPlateau: plateausOf(events, stages.length - 1, hintEpochs * stepsPerEpoch(job)),
    ...{ size: job.digits[job.judgedOn], wrong },
    seconds: Math.round(seconds.reduce((sum, each) => sum + each, 0)),
  };
}

function plateausOf(
  events: readonly TrainEvent[],
  stage: number,
  stepsBefore: number,
): Record<string, number | null> {
  const steps = events.flatMap((event) =>
    event.type === 'step' && event.stage === stage ? [event.losses] : [],
  );
  const terms = Object.keys(steps[0] ?? {});
  return Object.fromEntries(
    terms.map((term) => {
      const left = leftPlateau(steps.map((losses) => losses[term] ?? NaN));
      return [term, left === null ? null : stepsBefore + left];
    }),
  );
}
