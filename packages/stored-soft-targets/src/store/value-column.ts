import { KdError } from '@kd/core';
import type { ParquetColumn } from '../files/encode-parquet.js';
import { roundToHalf } from '../half.js';
import { where } from './options.js';

type Numbers = Float32Array | Int32Array;

/** The rows of one value in the next file. */
export interface ValueColumns {
  /** Copies row `from` of an answer to row `to`; throws for numbers that cannot be stored. */
  readonly put: (answer: Numbers, from: number, to: number, id: string) => void;
  /** Makes room for so many rows, and keeps those that are there. */
  readonly grow: (rows: number) => void;
  readonly take: (rows: number) => ParquetColumn[];
}

/** All numbers of a value, `width` for each example. */
export function valueColumn(
  name: string,
  { width, isInt32, isHalf }: { width: number; isInt32: boolean; isHalf: boolean },
): ValueColumns {
  let values: Numbers = isInt32 ? new Int32Array(0) : new Float32Array(0);
  return {
    put: (answer, from, to, id) => {
      const own = answer.subarray(from * width, (from + 1) * width);
      values.set(own, to * width);
      if (!(values instanceof Float32Array)) return;
      checkFinite(own, id);
      if (isHalf) roundHalf(values, to * width, (to + 1) * width, id);
    },
    grow: (rows) => {
      values = grown(values, rows * width);
    },
    take: (rows) => [{ name, values: values.subarray(0, rows * width), width }],
  };
}

/** A longer copy of an array, with zeros at its end. */
export function grown<T extends Numbers>(from: T, length: number): T {
  const to = (from instanceof Float32Array ? new Float32Array(length) : new Int32Array(length)) as T;
  to.set(from);
  return to;
}

/** Throws for a number that is not finite. */
export function checkFinite(values: Numbers, id: string): void {
  // The sum is finite unless an addend is not, and cheaper than testing each. In float64, 2^24 float32
  // numbers cannot overflow it.
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] as number;
  if (Number.isFinite(sum)) return;
  throw new KdError({
    code: 'KD_TEACHER_NOT_FINITE',
    where,
    argument: `the answer for ${JSON.stringify(id)}`,
    expected: 'finite',
    received: String(Array.from(values).find((value) => !Number.isFinite(value))),
    remedy: "Check this example and the teacher's output for it.",
  });
}

/** Rounds numbers to float16, in place; throws for those beyond its range. */
export function roundHalf(values: Float32Array, start: number, end: number, id: string): void {
  roundToHalf(values, start, end);
  if (!values.subarray(start, end).some((value) => !Number.isFinite(value))) return;
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: 'options.dtype',
    expected: '"float32" for outputs beyond 65504',
    received: `"float16" and an output beyond 65504 for ${JSON.stringify(id)}`,
    remedy: 'Store the outputs as float32.',
  });
}
