import { logProbabilities } from './log-probabilities.js';
import type { RowLoss, Student } from './row-loss.js';

// A finite logarithm whose probability is zero, so that 0 * log 0 gives 0 instead of NaN.
const impossible = -1e30;

/** `factor KL(p || q)`, `p = softmax(v / T)`, `q = softmax(z / T)`; gradient `factor / T (q - p)`. */
export function softTargetRows(
  teacher: ArrayLike<number>,
  { logits, classes, gradient }: Student,
  { temperature, factor }: { readonly temperature: number; readonly factor: number },
): RowLoss {
  const [logP, logQ] = [new Float64Array(classes), new Float64Array(classes)];
  const slope = factor / temperature;
  return (row) => {
    const start = row * classes;
    logProbabilities(teacher, start, temperature, logP);
    logProbabilities(logits, start, temperature, logQ);
    let divergence = 0;
    for (let i = 0; i < classes; i++) {
      const logOfP = Math.max(logP[i] as number, impossible);
      const d = (logQ[i] as number) - logOfP;
      const [p, q] = [Math.exp(logOfP), Math.exp(logQ[i] as number)];
      // p (e^d - 1 - d) sums to p log(p / q), and all terms have the same sign; where e^d may overflow, p e^d
      // equals q.
      divergence += d < 1 ? p * (Math.expm1(d) - d) : q - p - p * d;
      gradient[start + i] = (gradient[start + i] as number) + slope * (q - p);
    }
    return factor * divergence;
  };
}
