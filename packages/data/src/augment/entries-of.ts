import { whole } from '@kd/core';
import type { OptionPath } from '@kd/core';

/** The entries of an array or typed array, also of one that gave its memory away. */
export function entriesOf<T>({ where, argument }: OptionPath, given: ArrayLike<T>): T[] {
  const entries = Object(given) as ArrayLike<T>;
  const length = whole(0).read({ where, argument: `${argument}.length` }, entries.length);
  return Array.from({ length }, (_, index) => entries[index] as T);
}
