import type { Problem } from './problem.js';

/** The cross-entropy at given offsets, with its first and second derivatives. */
export interface Moments {
  /** Mean over the rows of `-sum_c p_c log softmax(z + b)_c`. */
  readonly crossEntropy: number;
  /** `mean q_c - mean p_c` of each free class. */
  readonly gradient: readonly number[];
  /** `mean (q_c [c = d] - q_c q_d)`, row-major. */
  readonly hessian: Float64Array;
  /** Logarithm of the mean of q for each free class, then for all other classes together. */
  readonly logMeans: readonly number[];
}

/** Mean cross-entropy between the teacher's probabilities and `softmax(z + b)`. */
export function crossEntropyOf(problem: Problem, offsets: readonly number[]): number {
  const { rows, free, targets, meanScore } = problem;
  let total = 0;
  for (let row = 0; row < rows; row++) total += logSum(problem, offsets, row);
  return (
    total / rows -
    meanScore -
    free.reduce((sum, _, c) => sum + (targets[c] as number) * (offsets[c] as number), 0)
  );
}

/** Cross-entropy, gradient and Hessian at offsets of the free classes. */
export function momentsOf(problem: Problem, offsets: readonly number[]): Moments {
  const { rows, free, logits, reference, targets } = problem;
  const size = free.length;
  const hessian = new Float64Array(size * size);
  const sums = targets.map(() => logZero);
  const q = new Float64Array(size);
  for (let row = 0; row < rows; row++) {
    const log = logSum(problem, offsets, row);
    for (let c = 0; c < size; c++) {
      const logQ = (logits[row * size + c] as number) + (offsets[c] as number) - log;
      sums[c] = addLogs(sums[c] as number, logQ);
      q[c] = Math.exp(logQ);
    }
    sums[size] = addLogs(sums[size] as number, (reference[row] as number) - log);
    for (let c = 0; c < size; c++) {
      (hessian[c * size + c] as number) += (q[c] as number) / rows;
      for (let d = 0; d < size; d++) {
        (hessian[c * size + d] as number) -= ((q[c] as number) * (q[d] as number)) / rows;
      }
    }
  }
  const logMeans = sums.map((sum) => sum - Math.log(rows));
  return {
    crossEntropy: crossEntropyOf(problem, offsets),
    gradient: free.map((_, c) => Math.exp(logMeans[c] as number) - (targets[c] as number)),
    hessian,
    logMeans,
  };
}

const logZero = -Infinity;

function addLogs(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  return small === logZero ? large : large + Math.log1p(Math.exp(small - large));
}

/** `log sum_c exp(z_c + b_c)` of a row, over all classes. */
function logSum({ free, logits, reference }: Problem, offsets: readonly number[], row: number): number {
  const size = free.length;
  let largest = reference[row] as number;
  for (let c = 0; c < size; c++) {
    largest = Math.max(largest, (logits[row * size + c] as number) + (offsets[c] as number));
  }
  let sum = Math.exp((reference[row] as number) - largest);
  for (let c = 0; c < size; c++) {
    sum += Math.exp((logits[row * size + c] as number) + (offsets[c] as number) - largest);
  }
  return largest + Math.log(sum);
}
