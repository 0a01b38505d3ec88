/** The probabilities of a row of logits at a temperature: `p_i = exp(z_i / T) / sum_j exp(z_j / T)`. */
export function softened(logits: ArrayLike<number>, temperature: number): number[] {
  const scaled = Array.from(logits, (logit) => logit / temperature);
  // The largest exponent becomes 0, so that no power overflows.
  const largest = Math.max(...scaled);
  const powers = scaled.map((exponent) => Math.exp(exponent - largest));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}
