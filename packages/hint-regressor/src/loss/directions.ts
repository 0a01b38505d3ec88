import {
  div,
  greater,
  maximum,
  mul,
  sqrt,
  square,
  sub,
  sum,
  where as select,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

// The square of anything smaller is zero in float32.
const smallest = 1e-12;

/**
 * `1 - cos` of two tensors along axes, which stay with length 1, and its gradient with respect to the
 * student.
 */
export function cosineDistance(
  teacher: Tensor,
  student: Tensor,
  axes: number[],
): { readonly distance: Tensor; readonly gradient: Tensor } {
  const lengthOf = (x: Tensor): Tensor => sqrt(sum(square(x), axes, true));
  const length = lengthOf(student);
  const divisor = maximum(length, smallest);
  const u = div(teacher, maximum(lengthOf(teacher), smallest));
  const v = div(student, divisor);
  const cosine = sum(mul(u, v), axes, true);
  const gradient = div(sub(mul(cosine, v), u), divisor);
  return {
    distance: sub(1, cosine),
    // A vector of length zero has no direction to turn from; 1 / length would explode.
    gradient: select(greater(length, smallest), gradient, zerosLike(gradient)),
  };
}
