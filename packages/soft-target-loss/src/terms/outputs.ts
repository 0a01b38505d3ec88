import { addN, mul } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { KdError } from '@kd/core';
import type { Convention, TermBatch } from '@kd/core';
import { logitsFromProbabilities, studentLogitsFromProbabilities } from '../from-probabilities.js';
import type { MixTargets } from '../mix-targets.js';
import {
  presentAndAbsent,
  sigmoidLogitsFromProbabilities,
  studentLogitsFromSigmoid,
} from '../sigmoid-soft-target-loss.js';

const studentConversion: Readonly<Record<Convention, (output: Tensor) => Tensor>> = {
  logits: (output) => output,
  'sigmoid-logits': (output) => output,
  probabilities: studentLogitsFromProbabilities,
  'sigmoid-probabilities': studentLogitsFromSigmoid,
};
const teacherConversion: Readonly<Record<Convention, (output: Tensor) => Tensor>> = {
  logits: (output) => output,
  'sigmoid-logits': (output) => output,
  probabilities: logitsFromProbabilities,
  'sigmoid-probabilities': sigmoidLogitsFromProbabilities,
};

/** The student's logits, whatever its convention. */
export function studentLogits({ student }: TermBatch): Tensor {
  return studentConversion[student.convention](student.output);
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
    logits: teacher.members.map(({ output }) => teacherConversion[teacher.convention](output)),
    weights: teacher.members.map(({ weight }) => weight),
  };
}

/** Logits that soften at `temperature` to the mixture of the teacher's members. */
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
