import { numberIn } from '@kd/core';
import type { Check } from '@kd/core';

/** The longest wait in milliseconds: a timer of Node takes anything longer for 1 ms. */
export const longestWait: number = 2 ** 31 - 1;

/** A time > 0, up to a longest one. */
export function timeUpTo(longest: number): Check<number> {
  return numberIn(`a number > 0 and <= ${String(longest)}`, (x) => x > 0 && x <= longest);
}

/** Milliseconds before something is repeated. */
export const delay: Check<number> = numberIn(
  `a number from 0 to ${String(longestWait)}`,
  (x) => x >= 0 && x <= longestWait,
);
