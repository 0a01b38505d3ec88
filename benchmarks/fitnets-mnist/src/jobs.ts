import type { BackendName } from '@kd/backend/node';
import { slug } from '@kd-benchmarks/experiment/parts';
import type { Trial } from '@kd-benchmarks/experiment/parts';
import type { Job } from './job.js';
import type { Kind, Study, TeacherKind } from './studies/index.js';

/** What all jobs share. */
export interface Surroundings {
  readonly backend: BackendName;
  /** Folder for checkpoints and the answers of teachers. */
  readonly out: string;
}

/** The seed of all trials; no table uses it. */
const trialSeed = 101;

/** The training of a teacher on labels. */
export function teacherJob(
  { name, plan, digits, training, shift }: TeacherKind,
  surroundings: Surroundings,
): Job {
  return {
    ...{ plan, digits, training },
    ...(shift !== undefined && { shift }),
    ...placesOf(`${name}, seed 1`, surroundings),
    seed: 1,
    lesson: {},
    answers: answersOf(name, surroundings),
    judgedOn: 'test',
  };
}

/** The training of a student. Students of one seed start alike and see the same digits. */
export function studentJob(study: Study, kind: Kind, seed: number, surroundings: Surroundings): Job {
  const name = `${nameOf(study, kind)}, seed ${String(seed)}`;
  return jobOf(study, kind, { ...placesOf(name, surroundings), seed, judgedOn: 'test' }, surroundings);
}

/** Tries each learning rate of a study on the validation digits; none if it has only one. */
export function trialsOf(study: Study, kind: Kind, surroundings: Surroundings): Trial<Job, number>[] {
  return (study.learningRates ?? []).map((learningRate) => {
    const name = `${nameOf(study, kind)}, trial of rate ${String(learningRate)}`;
    const how = { ...placesOf(name, surroundings), seed: trialSeed, judgedOn: 'validation' } as const;
    return { setting: learningRate, job: jobOf(study, atRate(kind, learningRate), how, surroundings) };
  });
}

/** The same kind of student with another learning rate. */
export function atRate(kind: Kind, learningRate: number): Kind {
  return { ...kind, training: { ...kind.training, learningRate } };
}

function jobOf(
  study: Study,
  { plan, uniform, digits, training, lesson }: Kind,
  how: Pick<Job, 'name' | 'backend' | 'checkpoints' | 'seed' | 'judgedOn'>,
  surroundings: Surroundings,
): Job {
  return {
    ...how,
    ...{ plan, digits, training, lesson },
    ...(uniform !== undefined && { uniform }),
    ...(lesson.soft === true && { teacher: answersOf(study.teacher.name, surroundings) }),
  };
}

function nameOf(study: Study, { group, arm }: Kind): string {
  return [study.name, group, arm].filter((part) => part !== '').join(', ');
}

function placesOf(
  name: string,
  { backend, out }: Surroundings,
): Pick<Job, 'name' | 'backend' | 'checkpoints'> {
  return { name, backend, checkpoints: `${out}/checkpoints/${slug(name)}` };
}

function answersOf(teacher: string, { out }: Surroundings): string {
  return `${out}/answers/${slug(teacher)}`;
}
