/** A product `[m, k] x [k, n]`; either operand may be given transposed. */
export interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * How to compute `A B`: `stock` leaves transposed operands to the plain loops of the stock kernel, `straight`
 * transposes them first, and `mirrored` computes `(B' A')'`.
 */
export type Plan = 'stock' | 'straight' | 'mirrored';

// Nanoseconds on one core with SIMD; only their ratios matter. The fast path repacks every new right operand,
// which costs more than transposing it: for the gradient with respect to the inputs, dy W', it packs only a
// batch if mirrored, and all weights if not.
const loopOfStock = 1.9;
const multiply = 0.1;
const pack = 9;
const move = 1;
const call = 20_000;

/** The fastest plan among `allowed`. */
export function cheapestPlan(product: Product, allowed: readonly Plan[]): Plan {
  const costs = costsOf(product);
  return allowed.reduce((best, plan) => (costs[plan] < costs[best] ? plan : best));
}

function costsOf({ m, k, n, transposeA, transposeB }: Product): Record<Plan, number> {
  const fast = multiply * m * k * n;
  const transposeOf = (elements: number, needed: boolean): number => (needed ? call + move * elements : 0);
  return {
    stock: transposeA || transposeB ? loopOfStock * m * k * n : Infinity,
    straight: fast + pack * k * n + transposeOf(m * k, transposeA) + transposeOf(k * n, transposeB),
    // If nothing is transposed, a right operand that stays the same, as in inference, stays packed.
    mirrored:
      transposeA || transposeB
        ? fast +
          pack * m * k +
          transposeOf(m * k, !transposeA) +
          transposeOf(k * n, !transposeB) +
          transposeOf(m * n, true)
        : Infinity,
  };
}
