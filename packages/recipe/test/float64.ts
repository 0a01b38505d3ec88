import { softmax } from '@kd/testing/float64';

/** `T² KL(p || softmax(z / T))`. */
export function softLoss(p: readonly number[], student: readonly number[], temperature: number): number {
  const q = softmax(student, temperature);
  const divergence = p.reduce(
    (sum, each, index) => sum + (each === 0 ? 0 : each * Math.log(each / (q[index] ?? NaN))),
    0,
  );
  return temperature ** 2 * divergence;
}

/** `-log softmax(z)_y`. */
export function hardLoss(label: number, student: readonly number[]): number {
  return -Math.log(softmax(student)[label] ?? NaN);
}

/** `1 / (1 + exp(-z))`. */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
