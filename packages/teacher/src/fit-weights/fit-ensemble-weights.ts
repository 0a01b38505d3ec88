import { KdError, oneOf, optionsOf, positive, whole } from '@kd/core';
import type { Teacher } from '@kd/core';
import type { Data } from '@kd/data';
import { fitArithmetic } from './arithmetic.js';
import { fitGeometric } from './geometric.js';
import { askHeldOut, ofAllClasses, ofRightClasses } from './held-out.js';
import type { HeldOut, Keep } from './held-out.js';
import type { Fit, Stop } from './simplex.js';

/** How the members of an ensemble are mixed, as by `arithmeticMean` and `geometricMean` of `@kd/soft-target-loss`. */
export type EnsembleMean = 'arithmetic' | 'geometric';

/** Options of `fitEnsembleWeights`. */
export interface FitEnsembleWeightsOptions {
  /** The mixture whose weights are fitted, default "arithmetic". */
  readonly mean?: EnsembleMean;
  /** How far from its least the loss may be, in nats, default 1e-6. */
  readonly gap?: number;
  /** Most iterations, default 10,000. */
  readonly iterations?: number;
  /** Examples that the members are asked for at once, for data in memory; a whole number >= 1, default 256. */
  readonly batchSize?: number;
}

const fitOptions = optionsOf<FitEnsembleWeightsOptions>()({
  mean: oneOf('arithmetic', 'geometric').default('arithmetic'),
  gap: positive.default(1e-6),
  iterations: whole(1).default(10_000),
  batchSize: whole(1).optional(),
});

/** Weights of an ensemble, and what they are worth on the held-out examples. */
export interface FittedWeights {
  /** By name of the member, >= 0, summing to one: the `weights` of `ensembleTeacher`. */
  readonly weights: Readonly<Record<string, number>>;
  /** Mean negative log-likelihood of the right classes with equal weights, in nats. */
  readonly before: number;
  /** The same with the fitted weights. */
  readonly after: number;
  /** By how much at most other weights could be better; above the option `gap` where the iterations came to their end first. */
  readonly gap: number;
}

/**
 * Weights of an ensemble, fitted on held-out examples: those that make
 *
 * ```
 * -Σ_i s_i log Σ_k w_k p_k(y_i)                  mean: 'arithmetic'
 * -Σ_i s_i log softmax(Σ_k w_k log p_k)(y_i)     mean: 'geometric'
 * ```
 *
 * least over w >= 0 with Σ w = 1, at T = 1; s_i is 1/n, or the sample weight over the sum of all. Both losses are convex, so the weights
 * are the best there are. The arithmetic ones are found by EM (Dempster, Laird, Rubin 1977), the geometric ones by exponentiated
 * gradients (Kivinen and Warmuth 1997), for which all answers are kept: 8 bytes for each class, example and member.
 *
 * @param members teachers by name, of logits or probabilities of the same classes; they stay the caller's
 * @param data held-out examples with `labels`, class ids `[n]`; not those that the members were trained on. In memory or a stream, whose
 *   batches are disposed. Examples count by `sampleWeight`, and not where `labelled` is 0
 * @param options how the members are mixed, and when to stop
 * @returns the weights by name, the loss before (equal weights) and after, and a bound of what is left
 * @throws rejects with `KD_BATCH_EMPTY` without members or examples, `KD_DATA_TYPE`, `KD_DATA_LENGTH` for data, `KD_OPTION_TYPE`,
 *   `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`, `KD_TENSOR_TYPE`, `KD_TENSOR_SHAPE`, `KD_LABEL_RANGE`, `KD_WEIGHT_RANGE`,
 *   `KD_TEACHER_CONVENTION` for sigmoid outputs, `KD_TEACHER_OUTPUT` for members of different classes, and `KD_PROBABILITY_RANGE` for an
 *   example whose right class has the probability zero with all members, or with the geometric mean for any probability of zero
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
  const { mean, batchSize, ...stop } = fitOptions.read(where, options);
  const { keep, isPossible, fit } = means[mean];
  const heldOut = await askHeldOut(where, members, data, batchSize, keep);
  checkPossible(where, heldOut, isPossible);
  return fitted(heldOut, stop, fit);
}

interface Mean {
  /** What the fit needs of the answers. */
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
    remedy: 'Take the logits of the members, or leave the example out.',
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
