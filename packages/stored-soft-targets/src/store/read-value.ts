import { describeShape, KdError } from '@kd/core';
import type { Shape } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { sizeOf } from '../files/row-shape.js';
import type { RowShape } from '../files/row-shape.js';
import { where } from './options.js';
import { describesSequence } from './sequences.js';

/** A value of an answer, read back. */
export interface AnsweredValue {
  readonly rowShape: RowShape;
  /** The values of each member, or of a tap, row after row, with the padding of sequences. */
  readonly values: readonly (Float32Array | Int32Array)[];
  readonly isInt32: boolean;
}

/** What an answer should be. */
export interface Expected {
  /** Its name in messages. */
  readonly what: string;
  readonly described: Shape;
  /** Values may be int32. */
  readonly areValues: boolean;
  readonly rows: number;
  /** The length to which sequences are padded, if it is known. */
  readonly padded: number | undefined;
}

/** Reads a value of each member back; throws unless it is as expected. */
export async function readValue(
  tensors: readonly Tensor[],
  { what, described, areValues, rows, padded }: Expected,
): Promise<AnsweredValue> {
  const [first] = tensors as readonly [Tensor];
  const shape = first.shape as number[];
  const dtype = areValues && first.dtype === 'int32' ? 'int32' : 'float32';
  for (const tensor of tensors) {
    if (tensor.dtype === dtype && tensor.shape.join() === shape.join()) continue;
    const found = `${tensor.dtype} ${describeShape(tensor.shape)}`;
    throw unlikeDescribed(`${dtype} ${describeShape(shape)}`, found);
  }
  const [, ...rowShape] = shape;
  const isDescribed =
    described.length === shape.length &&
    rowShape.every((size, axis) => size === (described[axis + 1] ?? size));
  if (shape[0] !== rows || !isDescribed) {
    throw unlikeDescribed(`${what} ${describeShape([rows, ...described.slice(1)])}`, describeShape(shape));
  }
  if (sizeOf(rowShape) === 0) {
    throw unlikeDescribed(`${what} with numbers for each example`, describeShape(shape));
  }
  const isSequence = describesSequence(described, areValues);
  if (isSequence && shape[1] !== (padded ?? shape[1])) throw otherLength(what, shape, padded as number);
  const values = await Promise.all(tensors.map((tensor) => tensor.data<'float32' | 'int32'>()));
  return {
    rowShape: isSequence ? [null, ...rowShape.slice(1)] : rowShape,
    values,
    isInt32: dtype === 'int32',
  };
}

/** The error for an answer that contradicts its description. */
export function unlikeDescribed(
  expected: string,
  received: string,
  remedy = "Compare the teacher's describe() with the result of its predict().",
): KdError {
  return new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: 'the answer of the teacher',
    expected,
    received,
    remedy,
  });
}

function otherLength(what: string, [rows = 0, length, ...rest]: readonly number[], padded: number): KdError {
  return unlikeDescribed(
    `${what} ${describeShape([rows, padded, ...rest])}, as long as the mask or else the inputs`,
    describeShape([rows, length ?? null, ...rest]),
    'Give each batch a mask of the positions of this output, or describe a length that is always the same.',
  );
}
