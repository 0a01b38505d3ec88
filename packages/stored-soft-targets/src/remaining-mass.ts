/** The k largest outputs of one example, and what all other classes have together. */
export interface TopRow {
  /** Indices of the k classes, of the largest output first. */
  readonly classes: ArrayLike<number>;
  /** Their logits, or their probabilities. */
  readonly values: ArrayLike<number>;
  /** Natural logarithm of the probability of all other classes together, at T = 1. */
  readonly logRemaining: number;
  /** Whether values are logits; if not, they are probabilities. */
  readonly logits: boolean;
}

/**
 * Fills a row of N outputs from its k largest: `into` is the row, of length N > k, and all of it is written.
 *
 * Two are here, `spreadEvenly` and `ignoreRemaining`; any other function of this form does too.
 */
export type RemainingMass = ((top: TopRow, into: Float32Array) => void) & { readonly id: string };

// Below the largest logit by this much, a probability is 0 in float32 at every T up to 96; and the loss stays finite.
const absent = 1e4;

/**
 * Spreads the mass of the classes that were not stored evenly over them.
 *
 * With the k stored classes S, their logits `v_i`, and the mass `r = 1 - sum_S p_i` of all others at T = 1, each other class gets
 *
 *     v_j = log(r / (1 - r)) + log(sum_S exp(v_i)) - log(N - k)
 *
 * so that the probabilities at T = 1 are `p_i` for i in S, to rounding, and `r / (N - k)` for each other. At another T the stored
 * classes keep their ratios to each other, and the others have at T > 1 at least the mass that they had in truth, at T < 1 at most that.
 *
 * @param top the k largest logits or probabilities of an example
 * @param into where the N outputs are written
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
    // log(1 - r) by log1p stays exact where r is small, which it is for most examples.
    const odds = top.logRemaining - Math.log1p(-Math.exp(top.logRemaining));
    into.fill(odds + logSumExp(top.values) - Math.log(others));
  } else {
    into.fill(Math.exp(top.logRemaining) / others);
  }
  put(top, into, 1);
});

/**
 * Leaves the classes that were not stored without mass, and divides that of the others by their sum.
 *
 * Their logits become the largest one minus 1e4, a probability of 0 at every T up to 96 in float32; the stored logits stay as they are, and the
 * softmax of the row is at every T that over the k classes.
 *
 * @param top the k largest logits or probabilities of an example
 * @param into where the N outputs are written
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

/** `log(sum exp(v))` of logits of which the first is the largest. */
function logSumExp(values: ArrayLike<number>): number {
  const largest = values[0] ?? 0;
  let sum = 0;
  for (let position = 0; position < values.length; position++)
    sum += Math.exp((values[position] ?? 0) - largest);
  return largest + Math.log(sum);
}
