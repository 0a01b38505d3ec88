import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { cachedTeacher } from '@kd/teacher';
import { countErrors, readWeights } from '@kd-benchmarks/experiment';
import { asData } from '@kd-datasets/mnist';
import { digitsOf, trainPerceptron } from '@kd-benchmarks/experiment/perceptrons';
import type { Lesson, TrainingContext } from '@kd-benchmarks/experiment/perceptrons';
import type { Job, Outcome } from './job.js';
import { openTeacher } from './open-teacher.js';

/** Runs one job on the current backend. */
export async function runJob(job: Job, context: TrainingContext): Promise<Outcome> {
  const { validation, learning, test } = await digitsOf(job.digits);
  const opened = job.lesson && (await openTeacher(job.lesson.teacherFile));
  const lesson: Lesson = {
    data: asData(learning),
    validation: asData(validation),
    terms: termsOf(job),
    // The digits are the same in every epoch, so onnxruntime answers once for each digit.
    ...(opened === undefined ? {} : { teacher: cachedTeacher(opened) }),
  };
  const { model, reason, validationErrors } = await trainPerceptron(job, lesson, context);
  const outcome = {
    reason,
    weights: await readWeights(model),
    testErrors: await countErrors(model, test),
    validationErrors,
  };
  model.dispose();
  opened?.dispose?.();
  return outcome;
}

function termsOf({ lesson }: Job): Lesson['terms'] {
  if (lesson === undefined) return [hardTarget()];
  const { temperature, softWeight } = lesson.soft;
  return [softTarget({ temperature, weight: softWeight }), hardTarget({ weight: 1 - softWeight })];
}
