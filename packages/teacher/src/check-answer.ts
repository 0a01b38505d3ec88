import { checkFloat32, describeShape, KdError } from '@kd/core';
import type { Batch, OutputDescription, Shape } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkConvention } from './check-convention.js';
import { isCompatible } from './stated-output.js';

/** The number of examples in a batch, if its inputs or ids reveal it. */
export function rowsOf({ inputs, ids }: Batch): number | undefined {
  return Object.values(inputs)[0]?.shape[0] ?? ids?.length;
}

/** Checks the outputs of one teacher: the dtype and shape of each answer, and the numbers of the first. */
export function answerCheck(
  where: string,
): (output: Tensor, described: OutputDescription, rows: number | undefined) => Promise<void> {
  let isKnown = false;
  return async (output, described, rows) => {
    checkFloat32(where, 'its answer', output);
    checkAnswerShape(where, output.shape, described.shape, rows);
    if (isKnown) return;
    await checkConvention(where, output, described.convention);
    isKnown = true;
  };
}

/** Throws `KD_TEACHER_OUTPUT` unless an answer has the described shape, with a row for each example. */
export function checkAnswerShape(
  where: string,
  shape: readonly number[],
  described: Shape,
  rows: number | undefined,
): void {
  if (isCompatible(shape, described) && (rows === undefined || shape[0] === rows)) return;
  throw new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: 'its answer',
    expected: `of shape ${describeShape([rows ?? null, ...described.slice(1)])}, a row for each example`,
    received: describeShape(shape),
    remedy: 'Answer with one row per example, in order, or correct the stated shape or classes.',
  });
}
