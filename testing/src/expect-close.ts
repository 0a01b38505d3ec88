import { expect } from 'vitest';

/** `|actual - expected| <= relative * |expected| + absolute` for every number. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/**
 * Expects numbers, or nested lists of numbers, to agree within a tolerance; otherwise names the worst
 * position.
 */
export function expectClose(
  actual: ArrayLike<number> | number,
  expected: unknown,
  tolerance: Tolerance,
): void {
  const a = typeof actual === 'number' ? [actual] : Array.from(actual);
  const b = [expected].flat(Infinity) as number[];
  expect(a.length, 'number of values').toBe(b.length);
  a.forEach((value, index) => {
    const reference = b[index] as number;
    const bound = tolerance.relative * Math.abs(reference) + tolerance.absolute;
    const close = Math.abs(value - reference) <= bound;
    if (!close)
      expect.fail(
        `value ${String(index)}: ${String(value)} is not ${String(reference)} within ${String(bound)}`,
      );
  });
}
