// The losses by the definitions of their papers, in float64 and for one row, as references for the float32
// losses.
import { logSoftmax, softmax } from '@kd/testing/float64';

export { logSoftmax, softmax };

/** Logits or labels of one example. */
export type Row = readonly number[];

const sum = (values: Row): number => values.reduce((a, b) => a + b, 0);
const over = (row: Row, term: (index: number) => number): number => sum(row.map((_, index) => term(index)));
const at = (row: Row, index: number): number => row[index] ?? NaN;

/** `sum p (log p - log q)` from logarithms, with 0 log 0 = 0. */
export function divergence(logP: Row, logQ: Row): number {
  return over(logP, (i) => {
    const p = Math.exp(at(logP, i));
    return p === 0 ? 0 : p * (at(logP, i) - at(logQ, i));
  });
}

/** Hinton, Vinyals, Dean 2015: `T² KL(p || q)`. */
export function softTarget(v: Row, z: Row, T: number): number {
  return T * T * divergence(logSoftmax(v, T), logSoftmax(z, T));
}

/** Hinton, Vinyals, Dean 2015, eq. 2: `-T² sum p log q`. */
export function crossEntropy(v: Row, z: Row, T: number): number {
  const [p, logQ] = [softmax(v, T), logSoftmax(z, T)];
  return -T * T * over(p, (i) => (at(p, i) === 0 ? 0 : at(p, i) * at(logQ, i)));
}

/** `T² KL(q || p)`. */
export const reverse = (v: Row, z: Row, T: number): number => softTarget(z, v, T);

/** Agarwal et al. 2024, eq. 1, times T². */
export function jensenShannon(v: Row, z: Row, T: number, beta: number): number {
  const [logP, logQ] = [logSoftmax(v, T), logSoftmax(z, T)];
  const logM = logP.map((value, i) => Math.log(beta * Math.exp(value) + (1 - beta) * Math.exp(at(logQ, i))));
  return T * T * (beta * divergence(logP, logM) + (1 - beta) * divergence(logQ, logM));
}

/** Ko et al. 2024, skew KL, times T²: `T² KL(p || α p + (1-α) q)`. */
export function skew(v: Row, z: Row, T: number, alpha: number): number {
  const [logP, logQ] = [logSoftmax(v, T), logSoftmax(z, T)];
  const mixed = logP.map((value, i) =>
    Math.log(alpha * Math.exp(value) + (1 - alpha) * Math.exp(at(logQ, i))),
  );
  return T * T * divergence(logP, mixed);
}

/** Ko et al. 2024, skew reverse KL, times T²: `T² KL(q || (1-α) p + α q)`. */
export const skewReverse = (v: Row, z: Row, T: number, alpha: number): number => skew(z, v, T, alpha);

/** Hinton, Vinyals, Dean 2015, section 2.1: `1/(2N) sum ((z - mean z) - (v - mean v))²`. */
export function logitMatching(v: Row, z: Row): number {
  const [meanV, meanZ] = [sum(v) / v.length, sum(z) / z.length];
  return over(v, (i) => (at(z, i) - meanZ - (at(v, i) - meanV)) ** 2) / (2 * v.length);
}

const logSigmoid = (x: number): number => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));

/** `T² sum_labels KL` between independent labels. */
export function sigmoid(v: Row, z: Row, T: number): number {
  const logits = (x: number): number[] => [logSigmoid(x / T), logSigmoid(-x / T)];
  return T * T * over(v, (i) => divergence(logits(at(v, i)), logits(at(z, i))));
}

/** `-T² sum_labels [p log q + (1-p) log(1-q)]`. */
export function sigmoidCrossEntropy(v: Row, z: Row, T: number): number {
  return (
    -T *
    T *
    over(v, (i) => {
      const p = Math.exp(logSigmoid(at(v, i) / T));
      return p * logSigmoid(at(z, i) / T) + (1 - p) * logSigmoid(-at(z, i) / T);
    })
  );
}
