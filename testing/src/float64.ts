// Definitions in float64 for one row, as references for the packages' float32.

/** `log softmax(z / T)`. */
export function logSoftmax(z: readonly number[], temperature = 1): number[] {
  const largest = Math.max(...z);
  const shifted = z.map((logit) => (logit - largest) / temperature);
  const [, ...others] = [...shifted].sort((a, b) => b - a);
  const logSum = Math.log1p(others.reduce((sum, logit) => sum + Math.exp(logit), 0));
  return shifted.map((logit) => logit - logSum);
}

/** `softmax(z / T)`. */
export function softmax(z: readonly number[], temperature = 1): number[] {
  return logSoftmax(z, temperature).map(Math.exp);
}
