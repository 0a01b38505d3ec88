import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { cachedTeacher } from '@kd/teacher';
import { countErrors, readWeights } from '@kd-benchmarks/experiment';
import { asData } from '@kd-datasets/mnist';
import { digitsOf, teacherOf, trainPerceptron } from '@kd-benchmarks/experiment/perceptrons';
import type { Lesson, TrainingContext } from '@kd-benchmarks/experiment/perceptrons';
import type { Job, Outcome } from './job.js';
import { partlyLabelled } from './partly-labelled.js';

/** Runs one job on the current backend. */
export async function runJob(job: Job, context: TrainingContext): Promise<Outcome> {
  const { validation, learning, test } = await digitsOf(job.digits);
  const taught = job.lesson && teacherOf(job.lesson.teacher);
  const lesson: Lesson = {
    data: partlyLabelled(learning, job.labelled),
    validation: asData(validation),
    terms: termsOf(job),
    ...(taught === undefined ? {} : { teacher: cachedTeacher(taught.teacher) }),
  };
  const { model, reason, validationErrors } = await trainPerceptron(job, lesson, context);
  const outcome = {
    reason,
    weights: await readWeights(model),
    testErrors: await countErrors(model, test),
    validationErrors,
  };
  model.dispose();
  taught?.model.dispose();
  return outcome;
}

/**
 * Labels where there are some, soft targets if there is a teacher. A batch without labels has a hard loss of
 * 0.
 */
function termsOf({ labelled, lesson }: Job): Lesson['terms'] {
  if (lesson === undefined) return [hardTarget()];
  const { temperature, softWeight } = lesson.soft;
  if (labelled === 0) return [softTarget({ temperature })];
  return [softTarget({ temperature, weight: softWeight }), hardTarget({ weight: 1 - softWeight })];
}
