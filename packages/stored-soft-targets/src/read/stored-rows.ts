import { halfBits, halfValues } from '../half.js';
import type { RemainingMass } from '../remaining-mass.js';

/** The outputs of one member of the teacher in one file. */
export interface StoredRows {
  /** Writes the outputs of row `row` to `into`, which has exactly their length. */
  readonly copyTo: (row: number, into: Float32Array) => void;
}

/** All outputs, unchanged. */
export function floatRows(values: Float32Array, width: number): StoredRows {
  return {
    copyTo: (row, into) => {
      into.set(values.subarray(row * width, (row + 1) * width));
    },
  };
}

/** All outputs, in two bytes each. */
export function halfRows(values: Float32Array, width: number): StoredRows {
  const halves = new Uint16Array(values.length);
  for (let index = 0; index < halves.length; index++) halves[index] = halfBits(values[index] as number);
  return {
    copyTo: (row, into) => {
      for (let index = 0; index < width; index++) {
        into[index] = halfValues[halves[row * width + index] as number] as number;
      }
    },
  };
}

/** The k largest outputs, and a function that fills in the others. */
export function topRows(
  {
    values,
    classes,
    logRemaining,
  }: { values: Float32Array; classes: Int32Array; logRemaining: Float32Array },
  { k, logits, remaining }: { k: number; logits: boolean; remaining: RemainingMass },
): StoredRows {
  return {
    copyTo: (row, into) => {
      const [start, end] = [row * k, (row + 1) * k];
      const top = {
        classes: classes.subarray(start, end),
        values: values.subarray(start, end),
        logRemaining: logRemaining[row] as number,
        logits,
      };
      remaining(top, into);
    },
  };
}
