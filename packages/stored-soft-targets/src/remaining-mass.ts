/** The k largest outputs of one example, and the total probability of all other classes. */
export interface TopRow {
  /** Indices of the k classes, largest output first. */
  readonly classes: ArrayLike<number>;
  /** Their logits, or their probabilities. */
  readonly values: ArrayLike<number>;
  /** Natural logarithm of the probability of all other classes together, at T = 1. */
  readonly logRemaining: number;
  /** Whether the values are logits; otherwise they are probabilities. */
  readonly logits: boolean;
}

/**
 * Fills a row of N outputs from its k largest: it writes every element of `into`, of length N > k.
 *
 * Use `spreadEvenly`, `ignoreRemaining` or your own function of this form.
 */
export type RemainingMass = ((top: TopRow, into: Float32Array) => void) & { readonly id: string };

// A logit this far below the largest has the probability 0 in float32 at every T up to 96, and the loss stays
// finite.
const absent = 1e4;

/**
 * Spreads the mass of the classes that were not stored evenly over them. With the k stored classes S, their
 * logits `v_i`, and the total mass `r = 1 - sum_S p_i` of all others at T = 1, each other class gets
 *
 *     v_j = log(r / (1 - r)) + log(sum_S exp(v_i)) - log(N - k)
 * so that the probabilities at T = 1 are `p_i` for i in S, up to rounding, and `r / (N - k)` for each other
 * class. At another T the stored classes keep their ratios to each other. The others get at least their true
 * mass at T > 1, and at most that at T < 1.
 *
 * @param top the k largest logits or probabilities of an example
 * @param into receives the N outputs
 *
 * @example
 * ```ts
 * import { spreadEvenly } from '@kd/stored-soft-targets';
 * const row = new Float32Array(4);
 * const top = { classes: [2, 0], values: [0.5, 0.25], logRemaining: Math.log(0.25), logits: false };
 * spreadEvenly(top, row);
 * console.log(row.join(' '));
 * // 0.25 0.125 0.5 0.125
 * ```
 */
export const spreadEvenly: RemainingMass = named('spread evenly', (top, into) => {
  const others = into.length - top.classes.length;
  if (top.logits) {
    // log1p keeps log(1 - r) exact for small r, as most examples have.
    const odds = top.logRemaining - Math.log1p(-Math.exp(top.logRemaining));
    into.fill(odds + logSumExp(top.values) - Math.log(others));
  } else {
    into.fill(Math.exp(top.logRemaining) / others);
  }
  put(top, into, 1);
});

/**
 * Gives zero mass to the classes that were not stored, and divides the probabilities of the others by their
 * sum.
 *
 * If the values are logits, the missing ones become the largest logit minus 1e4, which has the probability 0
 * in float32 at every T up to 96. The stored logits are unchanged, so the softmax of the row equals the
 * softmax over the k classes at every T.
 *
 * @param top the k largest logits or probabilities of an example
 * @param into receives the N outputs
 *
 * @example
 * ```ts
 * import { ignoreRemaining } from '@kd/stored-soft-targets';
 * const row = new Float32Array(4);
 * const top = { classes: [2, 0], values: [0.6, 0.2], logRemaining: Math.log(0.2), logits: false };
 * ignoreRemaining(top, row);
 * console.log(Array.from(row, (p) => p.toFixed(2)).join(' '));
 * // 0.25 0.00 0.75 0.00
 * ```
 */
export const ignoreRemaining: RemainingMass = named('ignore remaining', (top, into) => {
  into.fill(top.logits ? (top.values[0] ?? 0) - absent : 0);
  let sum = 0;
  for (let position = 0; position < top.values.length; position++) sum += top.values[position] ?? 0;
  put(top, into, top.logits ? 1 : 1 / sum);
});

function named(id: string, fill: (top: TopRow, into: Float32Array) => void): RemainingMass {
  return Object.assign(fill, { id });
}

function put({ classes, values }: TopRow, into: Float32Array, factor: number): void {
  for (let position = 0; position < classes.length; position++) {
    into[classes[position] ?? 0] = (values[position] ?? 0) * factor;
  }
}

/** `log(sum exp(v))` of logits whose first is the largest. */
export function logSumExp(values: ArrayLike<number>): number {
  const largest = values[0] ?? 0;
  let sum = 0;
  for (let position = 0; position < values.length; position++)
    sum += Math.exp((values[position] ?? 0) - largest);
  return largest + Math.log(sum);
}
