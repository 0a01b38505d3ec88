/** The median of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/**
 * The median of a sample, and an interval that contains the true median with a probability of about 95 %,
 * whatever the distribution. The interval lies between two of the sorted numbers.
 */
export function medianWithInterval(values: readonly number[]): {
  readonly median: number;
  readonly interval: readonly [number, number];
} {
  const sorted = values.toSorted((a, b) => a - b);
  const reach = 0.98 * Math.sqrt(sorted.length);
  const at = (place: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, place))] ?? NaN;
  return {
    median: median(sorted),
    interval: [at(Math.floor(sorted.length / 2 - reach)), at(Math.ceil(sorted.length / 2 + reach) - 1)],
  };
}

/** A ratio of times over several rounds. */
export interface Ratio {
  readonly median: number;
  /** The smallest and the largest ratio of a round. */
  readonly range: readonly [number, number];
}

/** The median, the smallest and the largest ratio of two series, paired by round. */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): Ratio {
  const ratios = ours.map((value, round) => value / (theirs[round] ?? NaN));
  return { median: median(ratios), range: [Math.min(...ratios), Math.max(...ratios)] };
}
