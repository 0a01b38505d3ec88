import { KdError } from '@kd/core';
import type { Lists, ParquetColumn } from '../files/encode-parquet.js';
import { roundToHalf } from '../half.js';
import { where } from './options.js';

type Numbers = Float32Array | Int32Array;

/** `count` entries of an answer from entry `from` on, and where they go. */
export interface Entries {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** The entries of one value in the next file. */
export interface ValueColumns {
  /** Numbers stored for an entry; of the k largest, without their classes. */
  readonly size: number;
  /** Copies entries of an answer; throws for numbers that cannot be stored. */
  readonly put: (answer: Numbers, entries: Entries, id: string) => void;
  /** The first `count` entries as columns; with `lengths`, so many for each row. */
  readonly take: (count: number, lengths: Lists['lengths']) => ParquetColumn[];
}

/** All numbers of a value, `width` for each entry. */
export function valueColumn(
  name: string,
  { width, isInt32, isHalf }: { width: number; isInt32: boolean; isHalf: boolean },
): ValueColumns {
  let values: Numbers = isInt32 ? new Int32Array(0) : new Float32Array(0);
  return {
    size: width,
    put: (answer, { from, to, count }, id) => {
      const own = answer.subarray(from * width, (from + count) * width);
      values = withRoom(values, (to + count) * width);
      values.set(own, to * width);
      if (!(values instanceof Float32Array)) return;
      checkFinite(own, id);
      if (isHalf) roundHalf(values, to * width, (to + count) * width, id);
    },
    take: (count, lengths) => [
      { name, values: values.subarray(0, count * width), lists: { width, lengths } },
    ],
  };
}

/**
 * The array itself if it has room for so many numbers, otherwise a longer copy. Its length is a power of two,
 * as the most numbers of a file are.
 */
export function withRoom<T extends Numbers>(from: T, length: number): T {
  if (length <= from.length) return from;
  const room = 2 ** Math.ceil(Math.log2(length));
  const to = (from instanceof Float32Array ? new Float32Array(room) : new Int32Array(room)) as T;
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
