import { shownModels } from '@kd-benchmarks/experiment';
import type { Trial } from '@kd-benchmarks/experiment/parts';
import type { Job, Training } from './job.js';
import { placesOf, shown, trialSeed, weightsOf } from './surroundings.js';
import type { TriedTraining } from './settings.js';
import type { Surroundings } from './surroundings.js';

/** Tries a training of the teacher with each rate of dropout. */
export function teacherTrials(
  surroundings: Surroundings,
  { training, dropouts }: TriedTraining,
): Trial<Job, number>[] {
  const [first] = surroundings.settings.teacher.trials;
  const longer = training.epochs === first.training.epochs ? '' : `, ${String(training.epochs)} epochs`;
  return dropouts.map((dropout) => ({
    setting: dropout,
    job: teacherJob(surroundings, {
      name: `trial of the teacher, dropout ${String(dropout)}${longer}`,
      dropout,
      seed: trialSeed,
      training,
      count: surroundings.settings.trialSize,
      judgedOn: 'validation',
    }),
  }));
}

/** The teacher of a seed. */
export function teacher(surroundings: Surroundings, dropout: number, seed: number): Job {
  const { training } = surroundings.settings.teacher;
  const job = judgedTeacher(surroundings, `teacher, seed ${String(seed)}`, { dropout, seed, training });
  return { ...job, ...shown(surroundings, seed, shownModels.teacher) };
}

/** A teacher that learns less. */
export function weakerTeacher(
  surroundings: Surroundings,
  epochs: number,
  { dropout, seed }: { readonly dropout: number; readonly seed: number },
): Job {
  const training = { ...surroundings.settings.teacher.training, epochs };
  const name = `teacher of ${String(epochs)} epochs, seed ${String(seed)}`;
  return judgedTeacher(surroundings, name, { dropout, seed, training });
}

function judgedTeacher(
  surroundings: Surroundings,
  name: string,
  how: { readonly dropout: number; readonly seed: number; readonly training: Training },
): Job {
  return teacherJob(surroundings, { ...how, name, count: surroundings.settings.size, judgedOn: 'test' });
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
