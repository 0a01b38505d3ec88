import { rowsOf } from './bits.js';

/** Two ways to train, compared on the same rows. */
export interface Comparison {
  /** Rows that only the first gets wrong, and that only the second does; all pairs together. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** The probability of a difference at least as large if both ways were equally good. */
  readonly p: number;
}

/**
 * McNemar's exact test: if both are equally good, a row that only one of the two gets wrong is equally likely
 * to be the first's or the second's, so their numbers are binomial.
 *
 * Rows of all pairs count together. Two nets of different seeds often get the same row wrong, so p is
 * somewhat too small when there are several pairs.
 *
 * @param pairs the wrong rows of both as bits, one pair for each seed
 */
export function compare(pairs: readonly (readonly [first: string, second: string])[]): Comparison {
  let [onlyFirst, onlySecond] = [0, 0];
  for (const [first, second] of pairs) {
    const [ofFirst, ofSecond] = [new Set(rowsOf(first)), new Set(rowsOf(second))];
    onlyFirst += [...ofFirst].filter((row) => !ofSecond.has(row)).length;
    onlySecond += [...ofSecond].filter((row) => !ofFirst.has(row)).length;
  }
  return { onlyFirst, onlySecond, p: twoSided(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond) };
}

/** The same for results of seeds: those of one seed are a pair. What has no partner is left out. */
export function compareSeeds(first: readonly OfSeed[], second: readonly OfSeed[]): Comparison {
  return compare(
    first.flatMap(({ seed, wrong }) => {
      const other = second.find((result) => result.seed === seed);
      return other === undefined ? [] : [[wrong, other.wrong] as const];
    }),
  );
}

interface OfSeed {
  readonly seed: number;
  readonly wrong: string;
}

/** Twice the probability of at most `few` heads in `throws` throws of a fair coin, at most 1. */
function twoSided(few: number, throws: number): number {
  // In logarithms, because 2^-throws underflows from 1075 throws on.
  let logOfTerm = -throws * Math.LN2;
  let sum = 0;
  for (let heads = 0; heads <= few; heads++) {
    sum += Math.exp(logOfTerm);
    logOfTerm += Math.log((throws - heads) / (heads + 1));
  }
  return Math.min(1, 2 * sum);
}

/** A probability for a table: `p < 0.0001` or two digits. */
export function textOfChance(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p.toPrecision(2)}`;
}
