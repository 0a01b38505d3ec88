import { describeValue, KdError, like } from '@kd/core';
import type { Check } from '@kd/core';

const remedy = 'Name the classes in the order of the outputs.';

/** Names of classes as an option. */
export const classNames: Check<readonly string[]> = like(
  'an array of strings',
  (x): x is readonly string[] => Array.isArray(x) && x.every((name) => typeof name === 'string'),
  remedy,
);

/** Throws unless there is one name per output; an unknown number of outputs is not compared. */
export function checkCount(
  where: string,
  classes: readonly string[] | undefined,
  count: number | null | undefined,
): void {
  if (classes === undefined || typeof count !== 'number' || classes.length === count) return;
  throw new KdError({
    code: 'KD_CLASSES_MISMATCH',
    where,
    argument: 'options.classes',
    expected: `a list of ${String(count)} names, one per output`,
    received: describeValue(classes),
    remedy,
  });
}
