import { addN, mul } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { conventions, KdError } from '@kd/core';
import type { TermBatch } from '@kd/core';
import { studentLogitsFromProbabilities } from '../from-probabilities.js';
import { logitsOfOutput } from '../logits-of-output.js';
import type { MixTargets } from '../mix-targets.js';
import { presentAndAbsent, studentLogitsFromSigmoid } from '../sigmoid-soft-target-loss.js';

const inverseForStudent = {
  softmax: studentLogitsFromProbabilities,
  sigmoid: studentLogitsFromSigmoid,
} as const;

/** The student's logits, whatever its convention. */
export function studentLogits({ student }: TermBatch): Tensor {
  const { isLogits, activation } = conventions[student.convention];
  return isLogits ? student.output : inverseForStudent[activation](student.output);
}

/** The logits of each member of the teacher and their weights. */
export function memberLogits(where: string, { teacher }: TermBatch): { logits: Tensor[]; weights: number[] } {
  if (teacher === undefined) {
    throw new KdError({
      code: 'KD_TERM_NEEDS',
      where,
      argument: 'batch.teacher',
      expected: 'given',
      received: 'undefined',
      remedy: 'Add a teacher to the recipe.',
    });
  }
  return {
    logits: teacher.members.map(({ output }) => logitsOfOutput(output, teacher.convention)),
    weights: teacher.members.map(({ weight }) => weight),
  };
}

/** Logits whose softmax at `temperature` is the mixture of the teacher's members. */
export function mixedLogits(where: string, batch: TermBatch, mix: MixTargets, temperature: number): Tensor {
  const { logits, weights } = memberLogits(where, batch);
  if (logits.length === 1) return logits[0] as Tensor;
  return mul(mix(logits, { temperature, weights }), temperature);
}

/** The same for independent labels: logits of presence and absence, `[..., N, 2]`. */
export function mixedLabelLogits(
  where: string,
  batch: TermBatch,
  mix: MixTargets,
  temperature: number,
): Tensor {
  const { logits, weights } = memberLogits(where, batch);
  const pairs = logits.map(presentAndAbsent);
  if (pairs.length === 1) return pairs[0] as Tensor;
  return mul(mix(pairs, { temperature, weights }), temperature);
}

/** The weighted mean of the members' logits. */
export function meanLogits(where: string, batch: TermBatch): Tensor {
  const { logits, weights } = memberLogits(where, batch);
  return addN(logits.map((each, index) => mul(each, weights[index] as number)));
}
