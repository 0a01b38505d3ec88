/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** The median of the ratios of two peers in the same rounds, with the smallest and the largest of them. */
export function pairedRatio(
  ours: readonly number[],
  theirs: readonly number[],
): { readonly median: number; readonly range: readonly [number, number] } {
  const ratios = ours.map((value, round) => value / (theirs[round] ?? NaN));
  return { median: median(ratios), range: [Math.min(...ratios), Math.max(...ratios)] };
}
