import { logSoftmax, softmax } from '@kd/testing/float64';

export { logSoftmax, softmax };

/** Mean of `-log softmax(z / T)[y]` in float64. */
export function negativeLogLikelihood(
  logits: readonly (readonly number[])[],
  labels: readonly number[],
  temperature: number,
): number {
  const losses = logits.map((row, index) => -(logSoftmax(row, temperature)[labels[index] ?? 0] ?? NaN));
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}
