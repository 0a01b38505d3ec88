import { describeValue, KdError, like } from '@kd/core';
import type { Check, Shape } from '@kd/core';
import { classAxes } from './class-axes.js';

const remedy = 'Name the classes in the order of the outputs.';

/** Names of classes as an option. */
export const classNames: Check<readonly string[]> = like(
  'an array of strings',
  (x): x is readonly string[] => Array.isArray(x) && x.every((name) => typeof name === 'string'),
  remedy,
);

/** Throws unless there is one name per class of an output; an unknown number of classes is not compared. */
export function checkCount(
  where: string,
  at: string,
  classes: readonly string[] | undefined,
  shape: Shape | undefined,
): void {
  if (classes === undefined || shape === undefined) return;
  const counts = classAxes(shape).map((axis) => shape[axis] ?? null);
  if (counts.some((count) => count === null || count === classes.length)) return;
  throw new KdError({
    code: 'KD_CLASSES_MISMATCH',
    where,
    argument: `${at}.classes`,
    expected: `a list of ${String(counts[0])} names, one per output`,
    received: describeValue(classes),
    remedy,
  });
}
