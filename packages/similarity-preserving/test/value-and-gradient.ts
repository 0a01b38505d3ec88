import { valueAndGrad } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A loss, and its gradient with respect to the student. */
export async function valueAndGradient(
  loss: (student: Tensor) => Tensor,
  student: Tensor,
): Promise<{ value: number; gradient: number[] }> {
  const { value, grad } = valueAndGrad(loss)(student);
  const [total = NaN] = await value.data();
  return { value: total, gradient: Array.from(await grad.data()) };
}
