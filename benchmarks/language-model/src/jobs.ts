import type { BackendName } from '@kd/backend/node';
import { slug } from '@kd-benchmarks/experiment/parts';
import type { Trial } from '@kd-benchmarks/experiment/parts';
import type { Arm } from './arms.js';
import type { Job, TeacherFiles } from './job.js';
import type { Settings } from './settings.js';

/** What all jobs share. */
export interface Surroundings {
  readonly settings: Settings;
  readonly backend: BackendName;
  /** Folder for weights, answers and checkpoints. */
  readonly out: string;
}

/** The seed of all trials; the table does not use it. */
const trialSeed = 101;

/** The training of the teacher. */
export function teacherJob(surroundings: Surroundings): Job {
  const { teacher, topK } = surroundings.settings;
  return {
    ...shared(surroundings, 'teacher'),
    ...teacher,
    seed: 1,
    leaves: { ...filesOf(surroundings), topK },
    judgedOn: 'test',
  };
}

/** A student of a seed. Students of one seed start from the same weights. */
export function studentJob(surroundings: Surroundings, arm: Arm, learningRate: number, seed: number): Job {
  const name = `${arm.name}, seed ${String(seed)}`;
  return job(surroundings, arm, { name, learningRate, seed, judgedOn: 'test' });
}

/** Tries each learning rate for an arm, on validation chapters. */
export function trialsOf(surroundings: Surroundings, arm: Arm): Trial<Job, number>[] {
  return surroundings.settings.learningRates.map((learningRate) => {
    const name = `trial of ${arm.name}, rate ${String(learningRate)}`;
    const how = { name, learningRate, seed: trialSeed, judgedOn: 'validation' } as const;
    return { setting: learningRate, job: job(surroundings, arm, how) };
  });
}

function job(
  surroundings: Surroundings,
  { lesson }: Arm,
  how: Pick<Job, 'name' | 'seed' | 'judgedOn'> & { readonly learningRate: number },
): Job {
  const { student, epochs, batchSize } = surroundings.settings;
  const { learningRate, name, seed, judgedOn } = how;
  return {
    ...shared(surroundings, name),
    shape: student,
    seed,
    training: { epochs, batchSize, learningRate },
    ...(lesson && { lesson, teacher: filesOf(surroundings) }),
    judgedOn,
  };
}

function shared(
  { settings: { chapters, length }, backend, out }: Surroundings,
  name: string,
): Pick<Job, 'name' | 'backend' | 'text' | 'checkpoints'> {
  return { name, backend, text: { chapters, length }, checkpoints: `${out}/checkpoints/${slug(name)}` };
}

function filesOf({ settings, out }: Surroundings): TeacherFiles {
  return { shape: settings.teacher.shape, weights: `${out}/teacher.v8`, answers: `${out}/answers` };
}
