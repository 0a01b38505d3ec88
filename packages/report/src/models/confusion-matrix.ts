import { describeValue, KdError, like, numberIn } from '@kd/core';
import { confusionsOf } from './confusions.js';

const where = 'confusionMatrix';
const ids = like(
  'an array of class ids',
  (value): value is ArrayLike<number> => Array.isArray(value) || ArrayBuffer.isView(value),
);

const classCount = numberIn(
  'a whole number from 1 to 4096',
  (count) => Number.isInteger(count) && count >= 1 && count <= 4096,
  'Pass the number of classes.',
);

/**
 * How often a model takes one class for another: `C_ij = #{k: labels_k = i and predictions_k = j}`.
 *
 * @param labels class ids `[n]`, whole numbers from 0 to N-1
 * @param predictions class ids `[n]`, for example the index of the largest logit of each row
 * @param classes N, from 1 to 4096
 * @returns `[N][N]`, a row for each label and a column for each prediction; correct answers are on the
 *   diagonal
 * @throws `KD_LABEL_RANGE` for what is no class id, `KD_DATA_LENGTH` unless both have the same length,
 *   `KD_OPTION_TYPE`, `KD_OPTION_RANGE`
 *
 * @example
 * ```ts
 * import { confusionMatrix } from '@kd/report';
 * console.log(confusionMatrix([0, 0, 1], [0, 1, 1], 2));
 * // [ [ 1, 1 ], [ 0, 1 ] ]
 * ```
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): number[][] {
  ids.read({ where, argument: 'labels' }, labels);
  ids.read({ where, argument: 'predictions' }, predictions);
  classCount.read({ where, argument: 'classes' }, classes);
  if (predictions.length !== labels.length)
    throw new KdError({
      code: 'KD_DATA_LENGTH',
      where,
      argument: 'predictions',
      expected: `${String(labels.length)} class ids, as many as labels`,
      received: String(predictions.length),
      remedy: 'Pass the answers for the same examples.',
    });
  for (let row = 0; row < labels.length; row++) {
    checkClassId('labels', labels, row, classes);
    checkClassId('predictions', predictions, row, classes);
  }
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { label, predicted, count } of confusionsOf(labels, predictions))
    (matrix[label] as number[])[predicted] = count;
  return matrix;
}

function checkClassId(argument: string, given: ArrayLike<number>, row: number, classes: number): void {
  const id = given[row];
  if (id !== undefined && Number.isInteger(id) && id >= 0 && id < classes) return;
  throw new KdError({
    code: 'KD_LABEL_RANGE',
    where,
    argument: `${argument}[${String(row)}]`,
    expected: `a class id from 0 to ${String(classes - 1)}`,
    received: describeValue(id),
    remedy: 'Remove the rows that have no label.',
  });
}
