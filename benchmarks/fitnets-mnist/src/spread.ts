/** Mean and range of the values at one position. */
export interface SpreadPoint {
  readonly x: number;
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * A named line. Several values at one position are drawn as their mean, with the range from the lowest to the
 * highest.
 */
export interface Line {
  readonly name: string;
  readonly points: readonly SpreadPoint[];
}

/** Mean and range of the values at one position. */
export function spreadOf(x: number, values: readonly number[]): SpreadPoint {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { x, mean, lowest: Math.min(...values), highest: Math.max(...values) };
}
