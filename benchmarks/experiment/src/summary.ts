/** The mean of some numbers. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Numbers as their mean and range, "395 (367-411)"; a single number without a range. */
export function meanWithRange(values: readonly number[], digits = 0): string {
  const text = (value: number): string => value.toFixed(digits);
  if (values.length === 1) return text(values[0] ?? NaN);
  return `${text(meanOf(values))} (${text(Math.min(...values))}-${text(Math.max(...values))})`;
}
