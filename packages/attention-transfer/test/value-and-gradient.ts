import { sum, tensor, valueAndGrad } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The mean of a loss over the batch, and its gradient with respect to the student. */
export async function valueAndGradient(
  loss: (student: Tensor) => Tensor,
  student: Tensor | number[][][][],
): Promise<{ value: number; gradient: number[] }> {
  const x = Array.isArray(student) ? tensor(student) : student;
  const [rows = NaN] = x.shape;
  const { value, grad } = valueAndGrad((z: Tensor) => sum(loss(z)))(x);
  const [total = NaN] = await value.data();
  return { value: total / rows, gradient: Array.from(await grad.data(), (slope) => slope / rows) };
}
