import type { KdError } from '@kd/core';

/** The error for a column, from what is expected of its file and what it has. */
export type Wrong = (expected: string, received: string) => KdError;

const largest = { float32: Number.MAX_VALUE, float16: 65504 };

/** Throws unless all numbers of a column are finite, also once they are held in the type of the set. */
export function checkFinite(
  column: string,
  values: Float32Array,
  dtype: 'float32' | 'float16',
  wrong: Wrong,
): void {
  const found = values.find((value) => !(Math.abs(value) <= largest[dtype]));
  if (found !== undefined) throw wrong(`a file whose ${column} are finite in ${dtype}`, String(found));
}

/** Throws unless each `k` numbers of a column are different classes. */
export function checkClasses(
  column: string,
  values: Int32Array,
  { k, classes }: { readonly k: number; readonly classes: number },
  wrong: Wrong,
): void {
  const seen = new Set<number>();
  const expected = `a file whose ${column} are different classes from 0 to ${String(classes - 1)} in each row`;
  for (const [place, value] of values.entries()) {
    if (place % k === 0) seen.clear();
    if (value < 0 || value >= classes) throw wrong(expected, String(value));
    if (seen.has(value)) throw wrong(expected, `class ${String(value)} twice`);
    seen.add(value);
  }
}
