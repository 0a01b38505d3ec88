import { shownModels } from '@kd-benchmarks/experiment';
import { alone, distilled } from './arms.js';
import type { Arm } from './arms.js';
import type { Job, Lesson, Training } from './job.js';
import { placesOf, shown } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

/** A student of a seed. */
export function student(
  surroundings: Surroundings,
  arm: Arm,
  how: { readonly training: Training; readonly taught: Job; readonly seed: number },
): Job {
  const { size, trialSize } = surroundings.settings;
  // The bias correction needs digits that the student has not learnt from.
  const count = arm.corrected === undefined ? size : trialSize;
  const name = `${arm.name}, seed ${String(how.seed)}`;
  const { units, temperature } = surroundings.settings;
  const names = {
    [alone(units[0]).name]: shownModels.alone,
    [distilled(units[0], temperature).name]: shownModels.distilled,
  };
  return {
    ...studentJob(surroundings, arm, { ...how, name, count, judgedOn: 'test' }),
    ...shown(surroundings, how.seed, names[arm.name]),
  };
}

/** A training of a kind of student. */
export function studentJob(
  surroundings: Surroundings,
  { units, temperature, without = [], corrected, share = 1 }: Arm,
  how: Pick<Job, 'name' | 'seed' | 'training' | 'judgedOn'> & {
    readonly taught: Job;
    readonly count: number;
  },
): Job {
  const { taught, count, training, ...job } = how;
  const { softWeight } = surroundings.settings;
  const teacher = { file: taught.weights ?? '', shape: taught.shape };
  const lesson: Lesson | undefined =
    temperature === undefined ? undefined : { teacher, temperature, softWeight };
  // Smaller sets have more epochs, so that all students make about as many steps.
  const longer = Math.round(10 / ((10 - without.length) * share));
  return {
    ...job,
    ...placesOf(surroundings, job.name),
    shape: { units, dropout: 0 },
    digits: { count: Math.round(count * share), without },
    training: { ...training, epochs: training.epochs * longer },
    ...(lesson && { lesson }),
    ...(corrected && { corrected }),
  };
}
