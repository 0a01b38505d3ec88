import type { BackendName } from '@kd/backend/node';
import { shownModels } from '@kd-benchmarks/experiment';
import { slug } from '@kd-benchmarks/experiment/parts';
import type { Trial } from '@kd-benchmarks/experiment/parts';
import { alone, distilled, few } from './arms.js';
import type { Arm } from './arms.js';
import type { Job, Lesson, Training } from './job.js';
import type { Settings } from './settings.js';

/** What all jobs share. */
export interface Surroundings {
  readonly settings: Settings;
  readonly backend: BackendName;
  /** Folder for weights and checkpoints. */
  readonly out: string;
}

/** The seed of all trials; the table does not use it. */
const trialSeed = 101;

/** Tries the teacher with each rate of dropout. */
export function teacherTrials(surroundings: Surroundings): Trial<Job, number>[] {
  const { trial } = surroundings.settings.teacher;
  return surroundings.settings.teacher.dropouts.map((dropout) => ({
    setting: dropout,
    job: teacherJob(surroundings, {
      name: `trial of the teacher, dropout ${String(dropout)}`,
      dropout,
      seed: trialSeed,
      training: trial,
      count: surroundings.settings.trialSize,
      judgedOn: 'validation',
    }),
  }));
}

/** The teacher of a seed. */
export function teacher(surroundings: Surroundings, dropout: number, seed: number): Job {
  const { size, teacher: learner } = surroundings.settings;
  const name = `teacher, seed ${String(seed)}`;
  const { training } = learner;
  const how = { name, dropout, seed, training, count: size, judgedOn: 'test' } as const;
  return { ...teacherJob(surroundings, how), ...shown(surroundings, seed, shownModels.teacher) };
}

function teacherJob(
  surroundings: Surroundings,
  how: Pick<Job, 'name' | 'seed' | 'training' | 'judgedOn'> & {
    readonly dropout: number;
    readonly count: number;
  },
): Job {
  const { units, maxNorm, shift } = surroundings.settings.teacher;
  const { dropout, count, ...job } = how;
  return {
    ...job,
    ...placesOf(surroundings, job.name),
    shape: { units, dropout },
    digits: { count },
    regularization: { maxNorm, shift },
    weights: weightsOf(surroundings, job.name),
  };
}

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

function studentJob(
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

/** The page shows the first seed. */
function shown({ out }: Surroundings, seed: number, name: string | undefined): Pick<Job, 'shown'> {
  return seed === 1 && name !== undefined ? { shown: { folder: `${out}/page`, name } } : {};
}

function placesOf({ backend, out }: Surroundings, name: string): Pick<Job, 'backend' | 'checkpoints'> {
  return { backend, checkpoints: `${out}/checkpoints/${slug(name)}` };
}

function weightsOf({ out }: Surroundings, name: string): string {
  return `${out}/weights/${slug(name)}.v8`;
}
