import { softmax } from '@kd/testing/float64';

/** Boizard et al. 2024: `sum_i |p_(i) - q_(i)|` of one position, sorted, the shorter continued by zeros. */
export function universalLogit(v: readonly number[], z: readonly number[], temperature = 1): number {
  const [p, q] = [v, z].map((logits) => softmax(logits, temperature).sort((a, b) => b - a));
  return Array.from({ length: Math.max(v.length, z.length) }, (_, i) =>
    Math.abs((p?.[i] ?? 0) - (q?.[i] ?? 0)),
  ).reduce((a, b) => a + b);
}
