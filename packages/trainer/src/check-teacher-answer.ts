import { conventions, KdError } from '@kd/core';
import type { Convention, TeacherPrediction } from '@kd/core';

// As for a teacher's first answer: probabilities that were rounded to 16 bits.
const tolerance = 1e-3;

/**
 * Throws if an answer of the teacher is why a step is not finite: `KD_TEACHER_NOT_FINITE`, or `KD_PROBABILITY_RANGE` for probabilities outside
 * [0, 1], of which the losses make NaN. Reads the answer back: for a step that has failed.
 */
export async function checkTeacherAnswer(
  where: string,
  prediction: TeacherPrediction,
  convention: Convention,
): Promise<void> {
  for (const { output } of prediction.members) {
    const values = await output.data();
    const notFinite = values.findIndex((value) => !Number.isFinite(value));
    const { code, expected, remedy } = notFinite >= 0 ? notANumber : notAProbability;
    const isOutside = (value: number): boolean => Math.abs(value - 0.5) > 0.5 + tolerance;
    const outside = conventions[convention].isLogits ? -1 : values.findIndex(isOutside);
    const wrong = notFinite >= 0 ? notFinite : outside;
    if (wrong < 0) continue;
    const width = output.shape.at(-1) ?? 1;
    throw new KdError({
      code,
      where,
      argument: "the teacher's answer",
      expected,
      received: `${String(values[wrong])} in row ${String(Math.floor(wrong / width))}, class ${String(wrong % width)}`,
      remedy: `The weights are those from before this step. ${remedy}`,
    });
  }
}

const notANumber = {
  code: 'KD_TEACHER_NOT_FINITE',
  expected: 'finite',
  remedy: 'Look at the inputs of this batch, and at what the teacher makes of them.',
} as const;
const notAProbability = {
  code: 'KD_PROBABILITY_RANGE',
  expected: 'probabilities in [0, 1], as stated',
  remedy: 'State the convention that the teacher really has, or look at what it makes of this batch.',
} as const;
