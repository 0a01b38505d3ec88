import { greater, reshape, where as select, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Keeps `values` where `counts`, over their first axes, is above zero, and puts zeros everywhere else.
 *
 * It does not multiply, because NaN times zero is NaN, in the value and in the gradient.
 */
export function selected(values: Tensor, counts: Tensor): Tensor {
  const others = values.shape.slice(counts.rank).map(() => 1);
  const marks = others.length === 0 ? counts : reshape(counts, [...counts.shape, ...others]);
  return select(greater(marks, 0), values, zerosLike(values));
}
