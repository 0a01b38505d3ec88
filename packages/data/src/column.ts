import { cast, gather, Tensor, tensor } from '@tensorflow/tfjs-core';
import { checkTensor, describeShape, describeValue, KdError } from '@kd/core';

/** Numbers in a typed array. */
export type Numbers = Float32Array | Int32Array | Uint8Array;

/**
 * One value per example: a tensor `[n, ...]`, a typed array of n numbers, or a typed array with its shape
 * `[n, ...]`.
 */
export type Column = Tensor | Numbers | { readonly values: Numbers; readonly shape: readonly number[] };

/**
 * What numbers become: float32; int32 if they are whole (`as given`); or that, but float32 for bytes, which
 * are mostly pixels, whereas other whole numbers are mostly tokens.
 */
export type ColumnType = 'float32' | 'as given' | 'bytes as float32';

/** A checked column. */
export interface CheckedColumn {
  /** Its name, as the caller writes it: `options.data.inputs.left`. */
  readonly argument: string;
  /** `[n, ...]`. */
  readonly shape: readonly number[];
  /** The rows with these indices, as a new tensor. */
  readonly take: (indices: Int32Array) => Tensor;
  /** All numbers in row-major order; if the caller passed a typed array, that array itself. */
  readonly read: () => Promise<ArrayLike<number>>;
}

/** Whether a value is meant as one column rather than several columns by name. */
export function isColumn(value: unknown): value is Column {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof Tensor || ArrayBuffer.isView(value) || ('values' in value && 'shape' in value);
}

/**
 * Checks a column: real numbers, with examples on the first axis.
 *
 * @param where the function that received the column
 * @param argument the column's name there
 * @param column a tensor, a typed array, or `{ values, shape }`
 * @param dtype of the tensors that `take` returns
 * @throws `KD_DATA_TYPE`; `KD_TENSOR_TYPE` for a disposed tensor; `KD_TENSOR_DTYPE` for strings and complex
 *   numbers; `KD_TENSOR_SHAPE` for a scalar, or if shape and number of values disagree
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { checkColumn } from '@kd/data';
 * const column = checkColumn('example', 'ages', Uint8Array.of(7, 8, 9), 'as given');
 * console.log(column.shape, await column.take(Int32Array.of(2, 0)).array());
 * // [ 3 ] [ 9, 7 ]
 * ```
 */
export function checkColumn(
  where: string,
  argument: string,
  column: unknown,
  dtype: ColumnType,
): CheckedColumn {
  if (column instanceof Tensor) return ofTensor(where, argument, column as Tensor, dtype === 'float32');
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
  if (shape.length === 0) throw scalar(where, argument, '[]');
  if (shape.reduce((product, size) => product * size, 1) !== values.length) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument: `${argument}.shape`,
      expected: `a shape for ${String(values.length)} numbers`,
      received: describeShape(shape),
      remedy: 'Put the examples on the first axis; the product of all axes must be the number of values.',
    });
  }
  const isByte = values instanceof Uint8Array;
  const float = dtype === 'float32' || values instanceof Float32Array || (isByte && dtype !== 'as given');
  return {
    argument,
    shape,
    take: (indices) => takeNumbers(values, shape.slice(1), indices, float),
    read: () => Promise.resolve(values),
  };
}

function ofTensor(where: string, argument: string, column: Tensor, asFloat: boolean): CheckedColumn {
  checkTensor(where, argument, column);
  if (column.dtype === 'string' || column.dtype === 'complex64') {
    throw new KdError({
      code: 'KD_TENSOR_DTYPE',
      where,
      argument,
      expected: 'a tensor of real numbers',
      received: describeValue(column),
      remedy: 'Encode it as float32 or int32.',
    });
  }
  if (column.rank === 0) throw scalar(where, argument, describeValue(column));
  return {
    argument,
    shape: column.shape,
    take: (indices) => {
      // The caller may have disposed it since.
      checkTensor(where, argument, column);
      const index = tensor(indices, [indices.length], 'int32');
      const taken = gather(column, index);
      index.dispose();
      if (!asFloat || taken.dtype === 'float32') return taken;
      const floats = cast(taken, 'float32');
      taken.dispose();
      return floats;
    },
    read: () => column.data(),
  };
}

function takeNumbers(
  values: Numbers,
  rowShape: readonly number[],
  indices: Int32Array,
  float: boolean,
): Tensor {
  const width = rowShape.reduce((product, size) => product * size, 1);
  const taken = new (float ? Float32Array : Int32Array)(indices.length * width);
  indices.forEach((row, position) => {
    taken.set(values.subarray(row * width, (row + 1) * width), position * width);
  });
  return tensor(taken, [indices.length, ...rowShape], float ? 'float32' : 'int32');
}

function isNumbers(value: unknown): value is Numbers {
  return value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint8Array;
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isInteger(size) && size >= 0);
}

function scalar(where: string, argument: string, received: string): KdError {
  return new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: 'a column with at least one axis, for the examples',
    received,
    remedy: 'Give every example one value.',
  });
}
