import type { WeightPlace } from './messages.js';

/** All weights of a training. */
export interface Weights {
  readonly weights: readonly WeightPlace[];
  readonly values: Float32Array;
}

/** A number that differs. */
export interface Difference {
  /** Name of the weight here. */
  readonly weight: string;
  /** Index in the weight, row by row. */
  readonly at: number;
  readonly there: number;
  readonly here: number;
}

/** The result of comparing the weights of two sides. */
export type Comparison =
  | { readonly type: 'equal' }
  /** The shapes differ, so nothing can be compared. */
  | { readonly type: 'other shapes'; readonly there: string; readonly here: string }
  | {
      readonly type: 'different';
      /** How many numbers differ, and how many there are. */
      readonly count: number;
      readonly of: number;
      readonly first: Difference;
      /** The greatest `|here - there|`. */
      readonly absolute: Difference & { readonly difference: number };
      /** The greatest `|here - there| / max(|here|, |there|)`. */
      readonly relative: Difference & { readonly difference: number };
    };

/**
 * Compares weights number by number, to the bit: 0 and -0 differ, and a NaN equals itself. Names may differ,
 * shapes may not.
 */
export function compareWeights(there: Weights, here: Weights): Comparison {
  const [theirs, ours] = [shapesOf(there), shapesOf(here)];
  if (theirs !== ours) return { type: 'other shapes', there: theirs, here: ours };
  const [bitsThere, bitsHere] = [there, here].map(({ values }) => new Uint32Array(values.buffer));
  const different: Difference[] = [];
  let start = 0;
  for (const { name, shape } of here.weights) {
    const size = shape.reduce((a, b) => a * b, 1);
    for (let at = 0; at < size; at++) {
      if (bitsThere?.[start + at] === bitsHere?.[start + at]) continue;
      different.push({
        weight: name,
        at,
        there: there.values[start + at] ?? NaN,
        here: here.values[start + at] ?? NaN,
      });
    }
    start += size;
  }
  const [first] = different;
  if (first === undefined) return { type: 'equal' };
  return {
    type: 'different',
    count: different.length,
    of: start,
    first,
    absolute: greatest(different, (a, b) => Math.abs(a - b)),
    relative: greatest(different, (a, b) => Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1e-45)),
  };
}

function shapesOf({ weights }: Weights): string {
  return weights.map(({ shape }) => `[${shape.join()}]`).join(' ');
}

function greatest(
  different: readonly Difference[],
  distance: (a: number, b: number) => number,
): Difference & { difference: number } {
  const measured = different.map((each) => {
    const difference = distance(each.here, each.there);
    // A NaN on one side only counts as farther than any number.
    return { ...each, difference: Number.isNaN(difference) ? Infinity : difference };
  });
  return measured.reduce((a, b) => (b.difference > a.difference ? b : a));
}
