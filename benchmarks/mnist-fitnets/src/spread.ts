/** Values at one place: their mean and their range. */
export interface SpreadPoint {
  readonly x: number;
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * A named line; several values at one place are drawn as their mean, with the range from the lowest to the
 * highest.
 */
export interface Line {
  readonly name: string;
  readonly points: readonly SpreadPoint[];
}

/** Mean and range of values at one place. */
export function spreadOf(x: number, values: readonly number[]): SpreadPoint {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { x, mean, lowest: Math.min(...values), highest: Math.max(...values) };
}
