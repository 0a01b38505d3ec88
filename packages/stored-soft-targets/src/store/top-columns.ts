import type { OutputColumns } from '../files/columns.js';
import { takeTop } from '../top-k.js';
import { checkFinite, grown, roundHalf } from './value-column.js';
import type { ValueColumns } from './value-column.js';

/** What the columns hold. */
export interface TopColumnsOptions {
  readonly k: number;
  readonly classes: number;
  /** Number of distributions for each example. */
  readonly positions: number;
  readonly areLogits: boolean;
  readonly isHalf: boolean;
}

/** The k largest numbers of each position, their classes, and the mass of the others. */
export function topColumns(
  names: OutputColumns,
  { k, classes: width, positions, areLogits, isHalf }: TopColumnsOptions,
): ValueColumns {
  const stored = positions * k;
  let values = new Float32Array(0);
  let classes = new Int32Array(0);
  let logRemaining = new Float32Array(0);
  return {
    put: (answer, from, to, id) => {
      const size = positions * width;
      checkFinite(answer.subarray(from * size, (from + 1) * size), id);
      for (let position = 0; position < positions; position++) {
        const place = { from: from * positions + position, to: to * positions + position };
        takeTop(
          answer as Float32Array,
          { ...place, width, k, logits: areLogits },
          { values, classes, logRemaining },
        );
      }
      if (isHalf) roundHalf(values, to * stored, (to + 1) * stored, id);
    },
    grow: (rows) => {
      values = grown(values, rows * stored);
      classes = grown(classes, rows * stored);
      logRemaining = grown(logRemaining, rows * positions);
    },
    take: (rows) => {
      const remaining = { name: names.logRemaining, values: logRemaining.subarray(0, rows * positions) };
      return [
        { name: names.classes, values: classes.subarray(0, rows * stored), width: stored },
        { name: names.values, values: values.subarray(0, rows * stored), width: stored },
        positions === 1 ? remaining : { ...remaining, width: positions },
      ];
    },
  };
}
