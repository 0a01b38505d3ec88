import type { Trial } from '@kd-benchmarks/experiment/parts';
import { alone, distilled, few } from './arms.js';
import type { Arm } from './arms.js';
import type { Job, Training } from './job.js';
import type { Settings } from './settings.js';
import { studentJob } from './student-jobs.js';
import { trialSeed } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

/** Kinds of students that need settings of their own: the temperatures share those of one temperature. */
export function searchedArms(settings: Settings): Arm[] {
  const { units, temperature } = settings;
  return [...units.flatMap((count) => [alone(count), distilled(count, temperature)]), ...few(settings)];
}

/** The arm whose settings an arm takes. */
export function searchedFor({ units, temperature, share }: Arm, settings: Settings): Arm {
  const same = (arm: Arm): boolean =>
    arm.units === units &&
    arm.share === share &&
    (arm.temperature === undefined) === (temperature === undefined);
  return searchedArms(settings).find(same) as Arm;
}

/** Tries a kind of student with each of some trainings. */
export function studentTrials(
  surroundings: Surroundings,
  arm: Arm,
  { trainings, taught }: { readonly trainings: readonly Training[]; readonly taught: Job },
): Trial<Job, Training>[] {
  const { trialSize } = surroundings.settings;
  return trainings.map((training) => {
    const name = `trial of ${arm.name}, rate ${String(training.learningRate)}, ${String(training.epochs)} epochs`;
    const how = {
      name,
      seed: trialSeed,
      count: trialSize,
      judgedOn: 'validation',
      training,
      taught,
    } as const;
    return { setting: training, job: studentJob(surroundings, arm, how) };
  });
}

/** Each learning rate for the smallest number of epochs. */
export function firstTrainings({ trials: { learningRates, epochs }, batchSize }: Settings): Training[] {
  return learningRates.map((learningRate) => ({ epochs: epochs[0], batchSize, learningRate }));
}

/** The best of these for more epochs. */
export function longerTrainings({ trials }: Settings, best: Training): Training[] {
  return trials.epochs.slice(1).map((epochs) => ({ ...best, epochs }));
}
