import { halfBits, halfValues } from '../half.js';
import { logSumExp } from '../remaining-mass.js';
import type { RemainingMass, TopRow } from '../remaining-mass.js';
import { lowest } from '../top-k.js';

/** One value of the teacher in one file. */
export interface StoredRows {
  /** Fills `into` with the outputs of row `row` and the following rows. */
  readonly copyTo: (row: number, into: Float32Array | Int32Array) => void;
}

/** Rows of several entries each, from stored entries. */
export function sequenceRows({ copyTo }: StoredRows, starts: Int32Array): StoredRows {
  return {
    copyTo: (row, into) => {
      copyTo(starts[row] as number, into);
    },
  };
}

/** All outputs, unchanged. */
export function plainRows(values: Float32Array | Int32Array, width: number): StoredRows {
  return {
    copyTo: (row, into) => {
      into.set(values.subarray(row * width, row * width + into.length));
    },
  };
}

/** All outputs, in two bytes each. */
export function halfRows(values: Float32Array, width: number): StoredRows {
  const halves = new Uint16Array(values.length);
  for (let index = 0; index < halves.length; index++) halves[index] = halfBits(values[index] as number);
  return {
    copyTo: (row, into) => {
      for (let index = 0; index < into.length; index++) {
        into[index] = halfValues[halves[row * width + index] as number] as number;
      }
    },
  };
}

/** The k largest numbers of each position, and the mass of the others. */
export interface TopValues {
  readonly values: Float32Array;
  readonly classes: Int32Array;
  readonly logRemaining: Float32Array;
  readonly k: number;
  readonly positions: number;
  readonly areLogits: boolean;
}

/** All numbers, the missing ones filled in by a function. */
export function filledRows(top: TopValues, classes: number, remaining: RemainingMass): StoredRows {
  return {
    copyTo: (row, into) => {
      for (let position = 0; position * classes < into.length; position++) {
        const own = into.subarray(position * classes, (position + 1) * classes);
        remaining(topRowOf(top, row * top.positions + position), own as Float32Array);
      }
    },
  };
}

function topRowOf({ values, classes, logRemaining, k, areLogits }: TopValues, place: number): TopRow {
  const [start, end] = [place * k, (place + 1) * k];
  return {
    classes: classes.subarray(start, end),
    values: values.subarray(start, end),
    logRemaining: logRemaining[place] as number,
    logits: areLogits,
  };
}

/** The logarithms of the probabilities of the k largest at T = 1, in the order of their classes. */
export function logProbabilityRows(top: TopValues): StoredRows {
  return {
    copyTo: (row, into) => {
      for (let position = 0; position * top.k < into.length; position++) {
        const own = into.subarray(position * top.k, (position + 1) * top.k);
        logProbabilities(topRowOf(top, row * top.positions + position), own);
      }
    },
  };
}

function logProbabilities({ values, logRemaining, logits }: TopRow, into: Float32Array | Int32Array): void {
  const numbers = Array.from(values);
  // Relative to the largest, which comes first.
  const shift = logits ? logSumExp(numbers) - Math.log1p(-Math.exp(logRemaining)) : 0;
  numbers.forEach((value, index) => {
    into[index] = logits ? value - shift : Math.max(Math.log(value), lowest);
  });
}
