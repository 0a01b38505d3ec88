/** `softmax(logits / T)`. */
export function softmax(logits: readonly number[], temperature = 1): number[] {
  const powers = logits.map((logit) => Math.exp(logit / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** `T² KL(p || softmax(z / T))`. */
export function softLoss(p: readonly number[], student: readonly number[], temperature: number): number {
  const q = softmax(student, temperature);
  const divergence = p.reduce(
    (sum, each, index) => sum + (each === 0 ? 0 : each * Math.log(each / (q[index] ?? NaN))),
    0,
  );
  return temperature ** 2 * divergence;
}

/** `-log softmax(z)_y`. */
export function hardLoss(label: number, student: readonly number[]): number {
  return -Math.log(softmax(student)[label] ?? NaN);
}
