import { checkTensor, describeShape, describeValue, KdError } from '@kd/core';
import { cast, slice, Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Column, Numbers } from './data.js';

/** A column that was checked. */
export interface CheckedColumn {
  /** As the caller writes it: `data.inputs.left`. */
  readonly argument: string;
  readonly rows: number;
  /** Consecutive rows as a new float32 tensor. */
  readonly take: (start: number, end: number) => Tensor;
}

/** Whether a value is meant as one column, not as several by name. */
export function isColumn(value: object): value is Column {
  return value instanceof Tensor || ArrayBuffer.isView(value) || ('values' in value && 'shape' in value);
}

/** Checks a column of numbers. */
export function checkColumn(where: string, argument: string, column: unknown): CheckedColumn {
  if (column instanceof Tensor) return ofTensor(where, argument, column as Tensor);
  const given = isNumbers(column) ? { values: column, shape: [column.length] } : (Object(column) as object);
  const { values, shape } = given as { readonly values?: unknown; readonly shape?: unknown };
  if (!isNumbers(values) || !isShape(shape)) {
    throw new KdError({
      code: 'KD_DATA_TYPE',
      where,
      argument,
      expected: 'a tensor, or a Float32Array, Int32Array or Uint8Array with its shape',
      received: describeValue(column),
      remedy: 'Pass a tensor, or { values, shape } with shape [examples, ...].',
    });
  }
  if (shape.reduce((product, size) => product * size, 1) !== values.length) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument: `${argument}.shape`,
      expected: `the shape of ${String(values.length)} numbers`,
      received: describeShape(shape),
      remedy: 'The first axis is the examples; the product of all is the number of values.',
    });
  }
  const [rows = 0, ...rowShape] = shape;
  const width = values.length / Math.max(rows, 1);
  return {
    argument,
    rows,
    take: (start, end) => {
      const own = values.subarray(start * width, end * width);
      // No copy of floats: the tensor is only read. Float32Array.from would be a hundred times slower than the constructor.
      const part = own instanceof Float32Array ? own : new Float32Array(own);
      return tensor(part, [end - start, ...rowShape], 'float32');
    },
  };
}

function ofTensor(where: string, argument: string, column: Tensor): CheckedColumn {
  checkTensor(where, argument, column);
  if (column.rank > 0 && !['string', 'complex64'].includes(column.dtype)) {
    const take = (start: number, end: number): Tensor =>
      tidy(() => cast(slice(column, start, end - start), 'float32'));
    return { argument, rows: column.shape[0], take };
  }
  throw new KdError({
    code: 'KD_TENSOR_DTYPE',
    where,
    argument,
    expected: 'a tensor of real numbers whose first axis is the examples',
    received: describeValue(column),
    remedy: 'Encode it as float32 or int32.',
  });
}

function isNumbers(value: unknown): value is Numbers {
  return value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint8Array;
}

function isShape(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((size) => Number.isInteger(size) && size >= 0)
  );
}
