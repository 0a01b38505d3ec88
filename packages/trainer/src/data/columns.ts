import { cast, gather, Tensor, tensor } from '@tensorflow/tfjs-core';
import { checkTensor, describeShape, describeValue, KdError } from '@kd/core';

/** Numbers in a typed array. */
export type Numbers = Float32Array | Int32Array | Uint8Array;

/** One value per example: a tensor `[n, ...]`, a typed array of n numbers, or a typed array with its shape `[n, ...]`. */
export type Column = Tensor | Numbers | { readonly values: Numbers; readonly shape: readonly number[] };

/** A column that was checked. */
export interface CheckedColumn {
  /** As the caller writes it: `data.inputs.left`. */
  readonly argument: string;
  readonly rows: number;
  readonly rowShape: readonly number[];
  /** The rows of these indices as a new tensor. */
  readonly take: (indices: Int32Array) => Tensor;
}

function isNumbers(value: unknown): value is Numbers {
  return value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint8Array;
}

/** Whether a value is meant as one column, not as several by name. */
export function isColumn(value: object): value is Column {
  return value instanceof Tensor || ArrayBuffer.isView(value) || ('values' in value && 'shape' in value);
}

/** Checks a column; `asFloat` columns (inputs, weights) come out as float32, others keep whole numbers as int32. */
export function checkColumn(
  where: string,
  argument: string,
  column: unknown,
  asFloat: boolean,
): CheckedColumn {
  if (column instanceof Tensor) return tensorColumn(where, argument, column as Tensor, asFloat);
  const { values, shape } = (
    isNumbers(column) ? { values: column, shape: [column.length] } : Object(column)
  ) as { readonly values?: unknown; readonly shape?: unknown };
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
  return { argument, rows, rowShape, take: (indices) => takeNumbers(values, rowShape, indices, asFloat) };
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isInteger(size) && size >= 0);
}

function tensorColumn(where: string, argument: string, column: Tensor, asFloat: boolean): CheckedColumn {
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
  const [rows = 0, ...rowShape] = column.shape as number[];
  return {
    argument,
    rows,
    rowShape,
    take: (indices) => {
      const index = tensor(indices, [indices.length], 'int32');
      const taken = gather(column, index);
      index.dispose();
      if (!asFloat || taken.dtype === 'float32') return taken;
      const floats = cast(taken, 'float32');
      taken.dispose();
      return floats;
    },
  };
}

function takeNumbers(
  values: Numbers,
  rowShape: readonly number[],
  indices: Int32Array,
  asFloat: boolean,
): Tensor {
  const width = rowShape.reduce((product, size) => product * size, 1);
  const float = asFloat || values instanceof Float32Array;
  const taken = new (float ? Float32Array : Int32Array)(indices.length * width);
  indices.forEach((row, position) => {
    taken.set(values.subarray(row * width, (row + 1) * width), position * width);
  });
  return tensor(taken, [indices.length, ...rowShape], float ? 'float32' : 'int32');
}
