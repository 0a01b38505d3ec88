import {
  add,
  concat,
  div,
  exp,
  expandDims,
  log,
  matMul,
  mean,
  mul,
  scalar,
  slice,
  softplus,
  squeeze,
  sub,
  sum,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

// Added to the probability of noise, as in the authors' code.
const epsilon = 1e-7;

/** `e·c_k / T` of each embedding e and its candidates c, `[B, 1 + K]`. */
export function logScores(embeddings: Tensor, candidates: Tensor, temperature: number): Tensor {
  return div(squeeze(matMul(candidates, expandDims(embeddings, 2)), [2]), temperature);
}

/** The constant Z, by which a score becomes a probability: the size of the data set times the mean score. */
export function normalizerOf(scores: Tensor, datasetSize: number): Tensor {
  return mul(mean(exp(scores)), datasetSize);
}

/**
 * Noise-contrastive estimation, `[B]`, from the logarithms of scores `[B, 1 + K]`, the counterpart's first.
 * It stays in logarithms, because the quotients of the definition overflow in float32.
 */
export function noiseContrast(scores: Tensor, normalizer: Tensor | number, datasetSize: number): Tensor {
  const negatives = (scores.shape[1] as number) - 1;
  const noise = negatives / datasetSize;
  // x = log (P / noise), so that h = sigmoid(x), -log h = softplus(-x) and -log (1 - h) = softplus(x).
  const against = sub(
    scores,
    add(log(typeof normalizer === 'number' ? scalar(normalizer) : normalizer), Math.log(noise + epsilon)),
  );
  const positive = mul(slice(against, [0, 0], [-1, 1]), -1);
  const others = slice(against, [0, 1], [-1, negatives]);
  return add(sum(softplus(concat([positive, others], 1)), 1), negatives * Math.log1p(epsilon / noise));
}
