import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { ensembleTeacher, cachedTeacher } from '@kd/teacher';
import { countErrors, readWeights } from '@kd-benchmarks/experiment';
import { asData } from '@kd-datasets/mnist';
import { digitsOf, teacherOf, trainPerceptron } from '@kd-benchmarks/experiment/perceptrons';
import type { TrainingContext } from '@kd-benchmarks/experiment/perceptrons';
import type { Job, Outcome } from './job.js';
import { means } from './means.js';

/** Runs one job on the current backend. */
export async function runJob(job: Job, context: TrainingContext): Promise<Outcome> {
  const { validation, learning, test } = await digitsOf(job.digits);
  const { lesson } = job;
  const members = lesson?.teachers.map(teacherOf) ?? [];
  const shared = { data: asData(learning), validation: asData(validation) };
  const { model, reason, validationErrors } = await trainPerceptron(
    job,
    lesson === undefined
      ? { ...shared, terms: [hardTarget()] }
      : { ...shared, terms: termsOf(lesson), teacher: mixed(members.map(({ teacher }) => teacher)) },
    context,
  );
  const outcome = {
    reason,
    weights: await readWeights(model),
    testErrors: await countErrors(model, test),
    validationError: Math.min(...validationErrors),
  };
  for (const each of [model, ...members.map((member) => member.model)]) each.dispose();
  return outcome;
}

// The members stay separate until the term has softened them: the mean at T cannot be computed from the mean
// at 1.
function termsOf({ mean, soft: { temperature, softWeight } }: NonNullable<Job['lesson']>) {
  return [
    softTarget({ temperature, weight: softWeight, mix: means[mean] }),
    hardTarget({ weight: 1 - softWeight }),
  ];
}

function mixed(teachers: readonly ReturnType<typeof teacherOf>['teacher'][]) {
  const [only, ...others] = teachers;
  const ensemble =
    only !== undefined && others.length === 0
      ? only
      : ensembleTeacher(
          Object.fromEntries(teachers.map((teacher, index) => [`net_${String(index + 1)}`, teacher])),
        );
  // The digits are the same in every epoch, so each member answers once for each digit.
  return cachedTeacher(ensemble);
}
