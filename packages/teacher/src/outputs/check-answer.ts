import { checkFloat32, checkTensor, describeShape, KdError } from '@kd/core';
import type { Batch, OutputInfo, Shape } from '@kd/core';
import { reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkConvention } from './check-convention.js';
import { isCompatible, withoutOnes } from './described.js';

/** The number of examples in a batch, if its inputs or ids reveal it. */
export function rowsOf({ inputs, ids }: Batch): number | undefined {
  return Object.values(inputs)[0]?.shape[0] ?? ids?.length;
}

/** Checks an output of an answer. */
export type AnswerCheck = (
  output: Tensor,
  name: string,
  described: OutputInfo,
  rows: number | undefined,
) => Promise<void>;

/** Checks the outputs of one teacher: the dtype and shape of each answer, and the numbers of the first. */
export function answerCheck(where: string): AnswerCheck {
  const known = new Set<string>();
  return async (output, name, { convention, shape }, rows) => {
    const what = answerTo(name);
    checkTensor(where, what, output);
    // Values may be counts or ids.
    if (!(convention === 'values' && output.dtype === 'int32')) checkFloat32(where, what, output);
    checkAnswerShape(where, name, output.shape, shape, rows);
    if (known.has(name)) return;
    await checkConvention(where, output, convention);
    known.add(name);
  };
}

/** What messages call an answer: there is nothing to tell apart if a teacher has one output. */
function answerTo(name: string): string {
  return name === 'output' ? 'its answer' : `its answer ${JSON.stringify(name)}`;
}

/** Throws `KD_TEACHER_OUTPUT` unless an answer has the described shape, with a row for each example. */
export function checkAnswerShape(
  where: string,
  name: string,
  shape: readonly number[],
  described: Shape,
  rows: number | undefined,
): void {
  if (isCompatible(shape, described) && (rows === undefined || shape[0] === rows)) return;
  throw new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: answerTo(name),
    expected: `of shape ${describeShape([rows ?? null, ...described.slice(1)])}, a row for each example`,
    received: describeShape(shape),
    remedy: 'Answer with one row per example, in order, or correct the stated shape or classes.',
  });
}

/** An output as it is described: without axes of size one that the description lacks. Call it in a `tidy`. */
export function asDescribed(output: Tensor, described: Shape): Tensor {
  const shape = withoutOnes(output.shape, described);
  return shape === undefined || shape.length === output.rank ? output : reshape(output, [...shape]);
}
