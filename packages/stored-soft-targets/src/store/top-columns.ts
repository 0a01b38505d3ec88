import type { OutputColumns } from '../files/columns.js';
import { takeTop } from '../top-k.js';
import { checkFinite, roundHalf, withRoom } from './value-column.js';
import type { ValueColumns } from './value-column.js';

/** What the columns hold. */
export interface TopColumnsOptions {
  readonly k: number;
  readonly classes: number;
  /** Number of distributions in an entry. */
  readonly positions: number;
  readonly areLogits: boolean;
  readonly isHalf: boolean;
}

/** The k largest numbers of each distribution, their classes, and the mass of the others. */
export function topColumns(
  names: OutputColumns,
  { k, classes: width, positions, areLogits, isHalf }: TopColumnsOptions,
): ValueColumns {
  const stored = positions * k;
  let values = new Float32Array(0);
  let classes = new Int32Array(0);
  let logRemaining = new Float32Array(0);
  return {
    size: stored,
    put: (answer, { from, to, count }, id) => {
      const size = positions * width;
      const end = to + count;
      checkFinite(answer.subarray(from * size, (from + count) * size), id);
      values = withRoom(values, end * stored);
      classes = withRoom(classes, end * stored);
      logRemaining = withRoom(logRemaining, end * positions);
      for (let position = 0; position < count * positions; position++) {
        const place = { from: from * positions + position, to: to * positions + position };
        takeTop(
          answer as Float32Array,
          { ...place, width, k, logits: areLogits },
          { values, classes, logRemaining },
        );
      }
      if (isHalf) roundHalf(values, to * stored, end * stored, id);
    },
    take: (count, lengths) => {
      const lists = { width: stored, lengths };
      const remaining = { name: names.logRemaining, values: logRemaining.subarray(0, count * positions) };
      const isNumber = positions === 1 && lengths === undefined;
      return [
        { name: names.classes, values: classes.subarray(0, count * stored), lists },
        { name: names.values, values: values.subarray(0, count * stored), lists },
        isNumber ? remaining : { ...remaining, lists: { width: positions, lengths } },
      ];
    },
  };
}
