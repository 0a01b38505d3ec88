import { sum, tensor, valueAndGrad } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The sum of a loss divided by `divisor`, and its gradient with respect to the student. */
export async function valueAndGradient(
  loss: (student: Tensor) => Tensor,
  student: number[][],
  divisor: number,
): Promise<{ value: number; gradient: number[] }> {
  const { value, grad } = valueAndGrad((x: Tensor) => sum(loss(x)))(tensor(student));
  const [total = NaN] = await value.data();
  return { value: total / divisor, gradient: Array.from(await grad.data(), (x) => x / divisor) };
}
