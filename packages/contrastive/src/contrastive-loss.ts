import { checkFeatures, checkShape, numberIn, offTape, optionsOf, positive, whole } from '@kd/core';
import type { Check, FeatureShape } from '@kd/core';
import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { logScores, noiseContrast, normalizerOf } from './noise-contrast.js';

const where = 'contrastiveLoss';

/** Options of `contrastiveLoss`. */
export interface ContrastiveLossOptions {
  /** Number of examples in the data set, from which the negatives are drawn, a whole number >= 2. */
  readonly datasetSize: number;
  /** Temperature T, a finite number >= 0.02; default 0.07. */
  readonly temperature?: number;
  /** The constant Z, a finite number > 0; default: that of this batch, without a gradient. */
  readonly normalizer?: number;
}

/** A temperature T for which float32 holds e^(1/T) times the size of any data set. */
export const temperature: Check<number> = numberIn(
  'a finite number >= 0.02',
  (x) => Number.isFinite(x) && x >= 0.02,
  'Use 0.07.',
);

const lossOptions = optionsOf<ContrastiveLossOptions>()({
  datasetSize: whole(2),
  temperature: temperature.default(0.07),
  normalizer: positive.optional(),
});

const vectors: FeatureShape = {
  expected: 'of shape [B, D]',
  fits: ({ length }) => length === 2,
  remedy: 'Flatten the features of each example.',
};

const candidatesOfEach: FeatureShape = {
  expected: 'of shape [B, 1 + K, D] with K >= 1',
  fits: ({ length, 1: count }) => length === 3 && (count ?? 0) >= 2,
  remedy: 'Give each embedding its counterpart, then its negatives.',
};

/**
 * How badly the embedding of an example tells its counterpart from K others:
 * `-log h_0 - sum_k log (1 - h_k)` with `h_k = P_k / (P_k + K/N)`, `P_k = e^(e·c_k / T) / Z`.
 *
 * It is noise-contrastive estimation: h is the probability that a candidate c is the counterpart, and not one
 * of K examples drawn from N. To the noise `K/N`, 1e-7 is added, as in the authors' code. Tian et al. 2020
 * take it in both directions: embeddings of the student with candidates of the teacher, and the reverse.
 *
 * @param embeddings e, float32 `[B, D]`, of length 1
 * @param candidates c, float32 `[B, 1 + K, D]`, of length 1: for each embedding its counterpart, then the
 *   embeddings of K other examples by the other model
 * @param options size N of the data set; temperature; Z, the mean score times N
 * @returns float32 `[B]`, one value >= 0 per example
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { contrastiveLoss } from '@kd/contrastive';
 * import { tensor2d, tensor3d } from '@tensorflow/tfjs-core';
 * // The counterpart, and one negative, by the teacher.
 * const candidates = tensor3d([1, 0, 0, 1], [1, 2, 2]);
 * for (const student of [tensor2d([1, 0], [1, 2]), tensor2d([0, 1], [1, 2])])
 *   console.log((await contrastiveLoss(student, candidates, { datasetSize: 10 }).data())[0]?.toFixed(4));
 * // 0.4055
 * // 14.6912
 * ```
 */
export function contrastiveLoss(
  embeddings: Tensor,
  candidates: Tensor,
  options: ContrastiveLossOptions,
): Tensor {
  const { datasetSize, temperature, normalizer } = lossOptions.read(where, options);
  checkFeatures(where, 'embeddings', embeddings, vectors);
  checkFeatures(where, 'candidates', candidates, candidatesOfEach);
  const [batch, length] = embeddings.shape as [number, number];
  checkShape(where, 'candidates', candidates, [batch, candidates.shape[1] as number, length]);
  return tidy(() => {
    const scores = logScores(embeddings, candidates, temperature);
    return noiseContrast(scores, normalizer ?? offTape(() => normalizerOf(scores, datasetSize)), datasetSize);
  });
}
