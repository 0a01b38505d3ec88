/** `log softmax(z / T)` by its definition in float64, for one row. */
export function logSoftmax(z: readonly number[], temperature: number): number[] {
  const largest = Math.max(...z);
  const shifted = z.map((logit) => (logit - largest) / temperature);
  const [first, ...others] = [...shifted].sort((a, b) => b - a).map(Math.exp);
  const logSum = Math.log1p(others.reduce((a, b) => a + b, (first ?? 1) - 1));
  return shifted.map((logit) => logit - logSum);
}

/** `softmax(z / T)` in float64, for one row. */
export function softmax(z: readonly number[], temperature: number): number[] {
  return logSoftmax(z, temperature).map(Math.exp);
}

/** Mean of `-log softmax(z / T)[y]` in float64. */
export function negativeLogLikelihood(
  logits: readonly (readonly number[])[],
  labels: readonly number[],
  temperature: number,
): number {
  const losses = logits.map((row, index) => -(logSoftmax(row, temperature)[labels[index] ?? 0] ?? NaN));
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}
