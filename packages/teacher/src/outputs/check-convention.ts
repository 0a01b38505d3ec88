import { checkTensor, convention as conventionOption, conventions, describeShape, KdError } from '@kd/core';
import type { Convention } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { statisticsOf } from './statistics.js';

/**
 * Throws if the numbers of an answer contradict the stated convention. Reads the tensor back once.
 *
 * - All numbers are finite.
 * - `probabilities` are in [0, 1] and sum to one over the last axis, both within 1e-3;
 *   `sigmoid-probabilities` are in [0, 1].
 * - `logits` are refused if all rows are at least two numbers in [0, 1] that sum to one: those are
 *   probabilities, and teach next to nothing when treated as logits.
 * - `values` may be any finite numbers.
 * - Of four axes, the classes may be the second, `[B, N, H, W]`.
 *
 * @param where the function named in the message
 * @param output a float32 tensor `[B, ..., N]`; values may be int32 and of any shape
 * @param convention its stated convention
 * @throws `KD_TENSOR_TYPE`, `KD_OPTION_TYPE`, `KD_OPTION_RANGE`; `KD_TEACHER_NOT_FINITE`;
 *   `KD_PROBABILITY_RANGE` for numbers that are not probabilities, naming the convention that they look like;
 *   `KD_OUTPUT_CONVENTION` for logits that are probabilities
 *
 * @example
 * ```ts
 * import { KdError } from '@kd/core';
 * import { checkConvention } from '@kd/teacher';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * try {
 *   await checkConvention('example', tensor2d([[2.5, -1]]), 'probabilities');
 * } catch (error) {
 *   if (KdError.isInstance(error)) console.log(`${error.code}: ${error.remedy}`);
 *   // KD_PROBABILITY_RANGE: These look like logits: state convention: "logits".
 * }
 * ```
 */
export async function checkConvention(where: string, output: Tensor, convention: Convention): Promise<void> {
  checkTensor(where, 'output', output);
  conventionOption.read({ where, argument: 'convention' }, convention);
  checkValues(where, await output.data(), output.shape, convention);
}

/** `checkConvention` for numbers in JavaScript's memory. */
export function checkValues(
  where: string,
  values: ArrayLike<number>,
  shape: readonly number[],
  convention: Convention,
  argument = `its answer ${describeShape(shape)}`,
): void {
  const found = statisticsOf(values, shape);
  if (found.notFinite !== undefined) {
    throw new KdError({
      code: 'KD_TEACHER_NOT_FINITE',
      where,
      argument,
      expected: 'finite',
      received: placed(values, found.notFinite, shape),
      remedy: "Check the inputs of this batch and the teacher's output for them.",
    });
  }
  const { family, scale } = conventions[convention];
  if (family === 'values') return;
  const areOfClasses = family === 'classes';
  const areProbabilities = scale === 'probabilities';
  const range = `numbers from ${String(found.smallest)} to ${String(found.largest)}`;
  if (!areProbabilities && areOfClasses && found.inUnit && found.sumsToOne && found.width > 1) {
    throw new KdError({
      code: 'KD_OUTPUT_CONVENTION',
      where,
      argument,
      expected: 'logits, the stated convention',
      received: 'rows of numbers in [0, 1] that all sum to one',
      remedy:
        'These look like probabilities: state convention: "probabilities", or take the model without its softmax.',
    });
  }
  if (areProbabilities && !found.inUnit) {
    const looksLike = areOfClasses ? 'logits' : 'sigmoid-logits';
    throw noProbabilities(where, argument, `${convention} in [0, 1]`, range, looksLike, found.areLogarithms);
  }
  if (areProbabilities && areOfClasses && !found.sumsToOne) {
    const sum = `a row that sums to ${String(found.worstSum)}`;
    throw noProbabilities(
      where,
      argument,
      'probabilities that sum to one over the last axis',
      sum,
      'sigmoid-probabilities',
      false,
    );
  }
}

function noProbabilities(
  where: string,
  argument: string,
  expected: string,
  received: string,
  looksLike: Convention,
  areLogarithms: boolean,
): KdError {
  return new KdError({
    code: 'KD_PROBABILITY_RANGE',
    where,
    argument,
    expected,
    received,
    remedy: areLogarithms
      ? 'These look like logarithms of probabilities, which are logits too: state convention: "logits".'
      : `These look like ${looksLike}: state convention: ${JSON.stringify(looksLike)}.`,
  });
}

function placed(values: ArrayLike<number>, index: number, shape: readonly number[]): string {
  const width = shape.length < 2 ? 1 : (shape.at(-1) ?? 1);
  const row = `${String(values[index])} in row ${String(Math.floor(index / width))}`;
  return width === 1 ? row : `${row}, class ${String(index % width)}`;
}
