import type { Random } from './example-random.js';

/**
 * A draw from Beta(α, α): `g / (g + h)` with g and h from Gamma(α, 1).
 *
 * Logarithms, because for small α both draws are zero in float64.
 */
export function betaDraw(random: Random, alpha: number): number {
  const [first, second] = [logGammaDraw(random, alpha), logGammaDraw(random, alpha)];
  return 1 / (1 + Math.exp(second - first));
}

/**
 * The logarithm of a draw from Gamma(α, 1). Marsaglia and Tsang 2000, A simple method for generating gamma
 * variables.
 */
function logGammaDraw(random: Random, alpha: number): number {
  // Gamma(α) is Gamma(α + 1) U^(1/α); the method itself needs α >= 1.
  if (alpha < 1) return logGammaDraw(random, alpha + 1) + Math.log(random.uniform()) / alpha;
  const d = alpha - 1 / 3;
  for (;;) {
    const x = random.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(random.uniform()) < x ** 2 / 2 + d * (1 - v + Math.log(v))) return Math.log(d * v);
  }
}
