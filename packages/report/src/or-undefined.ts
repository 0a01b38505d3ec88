import { check } from '@kd/core';
import type { Check } from '@kd/core';

/** A field that may be undefined, and that JSON leaves out then. */
export function orUndefined<V>(of: Check<V>): Check<V, V | undefined> {
  return check(`${of.expected} or undefined`, (at, value) =>
    value === undefined ? undefined : of.read(at, value),
  );
}
