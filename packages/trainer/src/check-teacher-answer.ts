import { conventions, KdError } from '@kd/core';
import type { Convention, TeacherAnswer, TeacherDescription } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';

// As for a teacher's first answer: allows for probabilities rounded to 16 bits.
const tolerance = 1e-3;

/**
 * Throws if a teacher's answer is why a step is not finite: `KD_TEACHER_NOT_FINITE`, or
 * `KD_PROBABILITY_RANGE` for probabilities outside [0, 1], which turn the losses into NaN. Reads the answer
 * back, so it is called only after a step has failed.
 */
export async function checkTeacherAnswer(
  where: string,
  { members }: TeacherAnswer,
  { outputs }: TeacherDescription,
): Promise<void> {
  for (const member of members) {
    for (const [name, output] of Object.entries(member.outputs))
      await checkOutput(where, name, output, outputs[name]?.convention ?? 'values');
  }
}

async function checkOutput(
  where: string,
  name: string,
  output: Tensor,
  convention: Convention,
): Promise<void> {
  const values = await output.data();
  const notFinite = values.findIndex((value) => !Number.isFinite(value));
  const { code, expected, remedy } = notFinite >= 0 ? notANumber : notAProbability;
  const isOutside = (value: number): boolean => Math.abs(value - 0.5) > 0.5 + tolerance;
  const outside = conventions[convention].scale === 'probabilities' ? values.findIndex(isOutside) : -1;
  const wrong = notFinite >= 0 ? notFinite : outside;
  if (wrong < 0) return;
  const width = output.shape.at(-1) ?? 1;
  throw new KdError({
    code,
    where,
    argument: `the teacher's answer ${JSON.stringify(name)}`,
    expected,
    received: `${String(values[wrong])} in row ${String(Math.floor(wrong / width))}, class ${String(wrong % width)}`,
    remedy: `The weights are unchanged by this step. ${remedy}`,
  });
}

const notANumber = {
  code: 'KD_TEACHER_NOT_FINITE',
  expected: 'finite',
  remedy: 'Check the inputs of this batch, and the outputs of the teacher for them.',
} as const;
const notAProbability = {
  code: 'KD_PROBABILITY_RANGE',
  expected: 'probabilities in [0, 1], as declared',
  remedy: "Declare the teacher's real convention, or check its outputs for this batch.",
} as const;
