import { like, KdError, subSeed } from '@kd/core';
import type { Check } from '@kd/core';

const isArray = (x: unknown): x is ArrayLike<number> =>
  Array.isArray(x) || (ArrayBuffer.isView(x) && !(x instanceof DataView));

/** The class of each row of a data set. */
export const labelsOption: Check<ArrayLike<number>> = like(
  'an array of class ids, one for each row of the data set',
  isArray,
  'Pass the labels in the order of the data set.',
  // An array whose memory is gone has length 0, and cannot be walked through.
  (labels) => labels.length > 0 && Array.from(labels, Number.isSafeInteger).every(Boolean),
);

/** What tells labels from others, in the settings of a term. */
export function digestOfLabels(labels: ArrayLike<number> | undefined): number | null {
  return labels === undefined ? null : subSeed(0, Array.from(labels).join());
}

/** Throws unless there are negatives for each row of the data set. */
export function checkNegatives(
  where: string,
  datasetSize: number,
  labels: ArrayLike<number> | undefined,
): void {
  if (labels !== undefined && labels.length !== datasetSize)
    throw new KdError({
      code: 'KD_DATA_LENGTH',
      where,
      argument: 'options.labels',
      expected: `a class for each of the ${String(datasetSize)} examples`,
      received: String(labels.length),
      remedy: 'Pass the labels of the training data, in their order.',
    });
  const others = labels === undefined ? datasetSize : new Set(Array.from(labels)).size;
  if (others >= 2) return;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: 'the data set',
    expected: labels === undefined ? 'at least two examples' : 'examples of at least two classes',
    received: String(others),
    remedy: 'An example is compared with others; add some.',
  });
}
