import { any, cast, greater, mul, onesLike, reshape, scalar, stack, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkShape, selected } from '@kd/core';
import type { Batch } from '@kd/core';

const where = 'validation';

/** For all values, the sums of the weights of what counts first, then the weighted sums. */
export function sumsOf(values: readonly Tensor[], batch: Batch): Tensor {
  const pairs = values.map((each) => {
    const value = cast(each, 'float32');
    const weights = weightsOf(batch, value.shape);
    if (weights.length === 0) return [scalar(value.size), sum(value)] as const;
    const weight = weights.reduce((product, each) => mul(product, each), onesLike(value));
    return [sum(weight), sum(mul(selected(value, weight), weight))] as const;
  });
  return stack([...pairs.map(([weight]) => weight), ...pairs.map(([, total]) => total)]);
}

/**
 * Factors to multiply: sample weights, which rows have a label, and which positions count, or which rows have
 * any position that counts.
 */
function weightsOf({ sampleWeight, labelled, mask }: Batch, shape: readonly number[]): Tensor[] {
  const [rows = 0, ...positions] = shape;
  const given = Object.entries({ sampleWeight, labelled }).flatMap(([name, weight]) => {
    if (weight === undefined) return [];
    checkShape(where, `batch.${name}`, weight, [rows]);
    return [reshape(cast(weight, 'float32'), [rows, ...positions.map(() => 1)])];
  });
  if (mask === undefined) return given;
  if (positions.length > 0) checkShape(where, 'batch.mask', mask, shape);
  const kept = positions.length > 0 ? mask : any(greater(reshape(mask, [rows, -1]), 0), -1);
  return [...given, cast(kept, 'float32')];
}
