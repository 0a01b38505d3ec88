import { logProbabilities } from './log-probabilities.js';
import type { RowLoss, Student } from './row-loss.js';

/**
 * `-factor sum t log q`, `t = (1-ε) [i = y] + ε/N`, `q = softmax(z)`; gradient `factor (q - t)`.
 *
 * For a label that names no class the loss is NaN and the gradient zero.
 */
export function hardTargetRows(
  labels: ArrayLike<number>,
  { logits, classes, gradient }: Student,
  { factor, labelSmoothing }: { readonly factor: number; readonly labelSmoothing: number },
): RowLoss {
  const logQ = new Float64Array(classes);
  return (row) => {
    const start = row * classes;
    const label = labels[row] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classes) return NaN;
    logProbabilities(logits, start, 1, logQ);
    let likelihood = 0;
    for (let i = 0; i < classes; i++) {
      const t = (i === label ? 1 - labelSmoothing : 0) + labelSmoothing / classes;
      likelihood += t * (logQ[i] as number);
      gradient[start + i] = (gradient[start + i] as number) + factor * (Math.exp(logQ[i] as number) - t);
    }
    return -factor * likelihood;
  };
}
