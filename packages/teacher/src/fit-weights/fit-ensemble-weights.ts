import { KdError, oneOf, optionsOf, positive, text, whole } from '@kd/core';
import type { Teacher } from '@kd/core';
import type { Data } from '@kd/data';
import { fitArithmetic } from './arithmetic.js';
import { fitGeometric } from './geometric.js';
import { askHeldOut, ofAllClasses, ofRightClasses } from './held-out.js';
import type { HeldOut, Keep } from './held-out.js';
import type { Fit, Stop } from './simplex.js';

/**
 * How to mix the members of an ensemble: by `arithmeticMean` or `geometricMean` of `@kd/soft-target-loss`.
 */
export type EnsembleMean = 'arithmetic' | 'geometric';

/** Options of `fitEnsembleWeights`. */
export interface FitEnsembleWeightsOptions {
  /** The mixture whose weights are fitted; default "arithmetic". */
  readonly mean?: EnsembleMean;
  /** Largest distance of the loss from its minimum, in nats; default 1e-6. */
  readonly gap?: number;
  /** Most iterations; default 10,000. */
  readonly iterations?: number;
  /** Batch size for data in memory, a whole number >= 1; default 256. */
  readonly batchSize?: number;
  /** The output of the members; default: the only one, or the one called `output`. */
  readonly output?: string;
  /** The name of the labels among the targets; default "labels". */
  readonly target?: string;
}

const fitOptions = optionsOf<FitEnsembleWeightsOptions>()({
  mean: oneOf('arithmetic', 'geometric').default('arithmetic'),
  gap: positive.default(1e-6),
  iterations: whole(1).default(10_000),
  batchSize: whole(1).optional(),
  output: text.optional(),
  target: text.default('labels'),
});

/** Weights of an ensemble, and their loss on the held-out examples. */
export interface FittedWeights {
  /** Weights by member name, >= 0, summing to one: pass them to `ensembleTeacher`. */
  readonly weights: Readonly<Record<string, number>>;
  /** Mean negative log-likelihood of the right classes with equal weights, in nats. */
  readonly before: number;
  /** The same with the fitted weights. */
  readonly after: number;
  /**
   * An upper bound for how much better other weights could be; above the option `gap` if the iterations ran
   * out first.
   */
  readonly gap: number;
}

/**
 * Fits the weights of an ensemble on held-out examples: those that minimise
 *
 * ```
 * -Σ_i s_i log Σ_k w_k p_k(y_i)                  mean: 'arithmetic'
 * -Σ_i s_i log softmax(Σ_k w_k log p_k)(y_i)     mean: 'geometric'
 * ```
 * over w >= 0 with Σ w = 1, at T = 1; s_i is 1/n, or the sample weight over the sum of all. Both losses are
 * convex, so the weights are a global optimum. EM finds the arithmetic ones (Dempster, Laird, Rubin 1977);
 * exponentiated gradients find the geometric ones (Kivinen and Warmuth 1997) and need all answers in memory:
 * 8 bytes per class, example and member.
 *
 * @param members teachers by name, with logits or probabilities of the same classes; they remain the caller's
 * @param data held-out examples with labels, class ids `[n]`, on which the members were not trained. In
 *   memory or a stream, whose batches are disposed. Examples count by their `sampleWeight`; those with
 *   `labelled` 0 do not count
 * @param options how the members are mixed, and when to stop
 * @returns the weights by name, the loss before (equal weights) and after, and a bound for the remaining gap
 * @throws rejects with `KD_BATCH_EMPTY` without members or examples, `KD_DATA_TYPE`, `KD_DATA_LENGTH` for
 *   data, `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`, `KD_TENSOR_TYPE`, `KD_TENSOR_SHAPE`,
 *   `KD_LABEL_RANGE`, `KD_WEIGHT_RANGE`, `KD_TEACHER_CONVENTION` for sigmoid outputs and values,
 *   `KD_OUTPUT_UNKNOWN`, `KD_TEACHER_OUTPUT` for members of different classes, and `KD_PROBABILITY_RANGE` for
 *   an example whose right class has probability zero for all members, or, with the geometric mean, for any
 *   zero probability
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { arraysTeacher, fitEnsembleWeights } from '@kd/teacher';
 * const ids = ['a', 'b'];
 * const convention = 'probabilities';
 * const members = {
 *   good: arraysTeacher({ ids, rows: [[0.75, 0.25], [0.75, 0.25]] }, { convention }),
 *   bad: arraysTeacher({ ids, rows: [[0.25, 0.75], [0.25, 0.75]] }, { convention }),
 * };
 * const data = { inputs: Float32Array.of(1, 2), ids, labels: Int32Array.of(0, 0) };
 * const { weights, before, after } = await fitEnsembleWeights(members, data);
 * console.log(weights['good']?.toFixed(3), before.toFixed(3), after.toFixed(3));
 * // 1.000 0.693 0.288
 * ```
 */
export async function fitEnsembleWeights(
  members: Readonly<Record<string, Teacher>>,
  data: Data,
  options: FitEnsembleWeightsOptions = {},
): Promise<FittedWeights> {
  const where = 'fitEnsembleWeights';
  const { mean, batchSize, output, target, ...stop } = fitOptions.read(where, options);
  const { keep, isPossible, fit } = means[mean];
  const heldOut = await askHeldOut(where, members, data, { batchSize, keep, output, target });
  checkPossible(where, heldOut, isPossible);
  return fitted(heldOut, stop, fit);
}

interface Mean {
  /** What the fit needs from the answers. */
  readonly keep: Keep;
  /** Whether the loss of an example can be finite. */
  readonly isPossible: (heldOut: HeldOut, row: number) => boolean;
  readonly fit: (heldOut: HeldOut, start: readonly number[], stop: Stop) => Fit;
}

const means: Readonly<Record<EnsembleMean, Mean>> = {
  arithmetic: {
    keep: ofRightClasses,
    isPossible: ({ logProbabilities }, row) => logProbabilities.some((values) => values[row] !== -Infinity),
    fit: fitArithmetic,
  },
  geometric: {
    keep: ofAllClasses,
    isPossible: ({ logProbabilities, classes }, row) =>
      logProbabilities.every((values) => !values.subarray(row * classes, (row + 1) * classes).includes(-Infinity)), // prettier-ignore
    fit: fitGeometric,
  },
};

function checkPossible(where: string, heldOut: HeldOut, isPossible: Mean['isPossible']): void {
  const row = heldOut.labels.findIndex((_, index) => !isPossible(heldOut, index));
  if (row === -1) return;
  throw new KdError({
    code: 'KD_PROBABILITY_RANGE',
    where,
    argument: "the members' probabilities",
    expected: 'above zero',
    received: `zero for held-out example ${String(row)}`,
    remedy: 'Use the logits of the members, or remove the example.',
  });
}

function fitted(heldOut: HeldOut, stop: Stop, fit: Mean['fit']): FittedWeights {
  const { names } = heldOut;
  const equal = names.map(() => 1 / names.length);
  const before = fit(heldOut, equal, { ...stop, iterations: 0 }).value;
  const { weights, value, gap } = fit(heldOut, equal, stop);
  return {
    weights: Object.fromEntries(names.map((name, index) => [name, weights[index] as number])),
    before,
    after: value,
    gap,
  };
}
