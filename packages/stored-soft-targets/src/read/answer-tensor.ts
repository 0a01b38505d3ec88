import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isSequence, sizeOf } from '../files/row-shape.js';
import type { RowShape } from '../files/row-shape.js';
import type { LengthsOfBatch } from './lengths-of-batch.js';

type Numbers = Float32Array | Int32Array;

/** A value that is stored for each example. */
export interface ValueOfRows {
  readonly rowShape: RowShape;
  readonly isInt32: boolean;
  /** Writes the value of an example to `into`. */
  readonly copy: (example: number, into: Numbers) => void;
}

/** The value for some examples as one tensor, sequences padded with zeros. */
export function answerTensor(
  examples: readonly number[],
  { rowShape, isInt32, copy }: ValueOfRows,
  lengths: LengthsOfBatch | undefined,
): Tensor {
  const { padded, stored } = isSequence(rowShape) && lengths ? lengths : { padded: 1, stored: undefined };
  const size = sizeOf(rowShape);
  const length = examples.length * padded * size;
  const values = isInt32 ? new Int32Array(length) : new Float32Array(length);
  for (const [row, example] of examples.entries()) {
    const start = row * padded * size;
    copy(example, values.subarray(start, start + (stored?.[row] ?? 1) * size));
  }
  const shape = [examples.length, ...rowShape.map((one) => one ?? padded)];
  return tensor(values, shape, isInt32 ? 'int32' : 'float32');
}
