import { softmax, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { applyBiasOffsets, fitBiasOffsets } from '@kd/bias-correction';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { cachedTeacher } from '@kd/teacher';
import { readWeights, writeWeights } from '@kd-benchmarks/experiment';
import type { Digits } from '@kd-datasets/mnist';
import { asData } from '@kd-datasets/mnist';
import { digitsOf, scoresOf, teacherOf, trainPerceptron } from '@kd-benchmarks/experiment/perceptrons';
import type { TrainingContext } from '@kd-benchmarks/experiment/perceptrons';
import { errorsByClass } from './errors-by-class.js';
import type { CorrectedErrors, Job, Outcome } from './job.js';
import type { SoftSettings } from './settings.js';

/** Runs one job on the current backend, and corrects the biases of a student. */
export async function runJob(job: Job, context: TrainingContext): Promise<Outcome> {
  const { validation, learning, test } = await digitsOf(job.digits);
  const taught = job.lesson && teacherOf(job.lesson.teacher);
  const { model, reason } = await trainPerceptron(
    job,
    {
      data: asData(learning),
      ...(taught === undefined || job.lesson === undefined
        ? { terms: [hardTarget()] }
        : { terms: softTerms(job.lesson.soft), teacher: cachedTeacher(taught.teacher) }),
    },
    context,
  );
  const errors = async (): Promise<Outcome['plain']> => ({
    test: await errorsByClass(model, test),
    validation: await errorsByClass(model, validation),
  });
  const weights = await readWeights(model);
  const plain = await errors();
  const withCorrection = async (classes?: readonly number[]): Promise<CorrectedErrors> => {
    const offsets = await correct(model, (taught as { model: LayersModel }).model, validation, classes);
    const corrected = { offsets, ...(await errors()) };
    writeWeights(model, weights);
    return corrected;
  };
  const named = job.lesson?.corrected ?? [];
  const outcome = {
    reason,
    weights,
    plain,
    ...(named.length === 0 ? {} : { corrected: await withCorrection(named) }),
    ...(taught === undefined ? {} : { allCorrected: await withCorrection() }),
  };
  model.dispose();
  taught?.model.dispose();
  return outcome;
}

function softTerms({ temperature, softWeight }: SoftSettings) {
  const soft = softTarget({ temperature, weight: softWeight });
  return softWeight === 1 ? [soft] : [soft, hardTarget({ weight: 1 - softWeight })];
}

/** Corrects the biases of a student to match the teacher on digits whose labels are not used. */
async function correct(
  student: LayersModel,
  teacher: LayersModel,
  digits: Digits,
  classes?: readonly number[],
): Promise<readonly number[]> {
  const probabilities = tidy(() => softmax(scoresOf(teacher, digits)));
  const logits = scoresOf(student, digits);
  const correction = await fitBiasOffsets(probabilities, logits, classes === undefined ? {} : { classes });
  applyBiasOffsets(student, correction);
  probabilities.dispose();
  logits.dispose();
  return correction.offsets;
}
