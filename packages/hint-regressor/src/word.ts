import { like } from '@kd/core';
import type { Check } from '@kd/core';

/** Describes an option that takes one of several words; another word is out of range. */
export function word<V extends string>(values: readonly V[], remedy: string): Check<V> {
  return like(
    values.map((value) => JSON.stringify(value)).join(' or '),
    (x): x is V => typeof x === 'string',
    remedy,
    (x) => values.includes(x),
  );
}
