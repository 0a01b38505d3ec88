import * as float64 from '@kd/testing/float64';

/** `softmax(z + b)` in float64, for one row. */
export function softmax(z: readonly number[], offsets: readonly number[] = []): number[] {
  return float64.softmax(z.map((logit, index) => logit + (offsets[index] ?? 0)));
}

/** Mean of `-sum_c p_c log softmax(z + b)_c` in float64. */
export function crossEntropy(
  p: readonly (readonly number[])[],
  z: readonly (readonly number[])[],
  offsets: readonly number[] = [],
): number {
  const rows = z.map((row, index) => {
    const q = softmax(row, offsets);
    return (p[index] ?? []).reduce((sum, each, c) => sum - each * Math.log(q[c] ?? NaN), 0);
  });
  return rows.reduce((a, b) => a + b) / rows.length;
}

/** Mean of rows, class by class. */
export function meanOfRows(rows: readonly (readonly number[])[]): number[] {
  return (rows[0] ?? []).map((_, c) => rows.reduce((sum, row) => sum + (row[c] ?? NaN), 0) / rows.length);
}
