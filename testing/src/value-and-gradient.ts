import { sum, Tensor, tensor, valueAndGrad } from '@tensorflow/tfjs-core';
import type { TensorLike } from '@tensorflow/tfjs-core';

/** The sum of a loss divided by `divisor`, and its gradient with respect to the student. */
export async function valueAndGradient(
  loss: (student: Tensor) => Tensor,
  student: Tensor | TensorLike,
  divisor = 1,
): Promise<{ value: number; gradient: number[] }> {
  const x = student instanceof Tensor ? student : tensor(student);
  const { value, grad } = valueAndGrad((z: Tensor) => sum(loss(z)))(x);
  const [total = NaN] = await value.data();
  return { value: total / divisor, gradient: Array.from(await grad.data(), (slope) => slope / divisor) };
}
