import { describeValue, KdError } from '@kd/core';
import { isInMemory } from '@kd/data';
import type { RepeatableData } from '@kd/data';

/** Part of a data set in memory: the rows from `start` up to but not including `end`. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** The part to train on and the part to judge on, which is the last, as in `model.fit`. */
export interface Split {
  readonly training: Part;
  readonly heldOut: Part;
}

/** Splits a data set of `size` examples. Throws `KD_OPTION_RANGE` if a part would be empty. */
export function splitOf(where: string, validationSplit: number, size: number): Split {
  const at = Math.floor(size * (1 - validationSplit));
  if (at > 0 && at < size) return { training: { start: 0, end: at }, heldOut: { start: at, end: size } };
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: 'options.validationSplit',
    expected: `a fraction that leaves at least one of ${String(size)} examples on each side`,
    received: describeValue(validationSplit),
    remedy: 'Choose a fraction nearer 0.5, or add examples.',
  });
}

/** Throws if a split is given beside a validation set, or for a stream. */
export function checkSplit(
  where: string,
  options: {
    readonly data: RepeatableData;
    readonly validationSplit?: number;
    readonly validation?: unknown;
  },
): void {
  const { data, validationSplit, validation } = options;
  if (validationSplit === undefined || (validation === undefined && isInMemory(data))) return;
  const isStream = validation === undefined;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: 'options.validationSplit',
    expected: isStream
      ? 'absent for a stream, which cannot be split'
      : 'absent if options.validation is given',
    received: describeValue(validationSplit),
    remedy: isStream ? 'Pass the held-out examples as options.validation.' : 'Leave out one of the two.',
  });
}
