import { classAxes } from './class-axes.js';

/** A row of probabilities rounded to 16 bits sums to one within this tolerance. */
const tolerance = 1e-3;

/** What the numbers of an output look like. */
export interface Statistics {
  readonly notFinite: number | undefined;
  readonly smallest: number;
  readonly largest: number;
  readonly inUnit: boolean;
  readonly sumsToOne: boolean;
  /** The row sum that is farthest from one. */
  readonly worstSum: number;
  readonly areLogarithms: boolean;
  /** Number of classes. */
  readonly width: number;
}

/** Looks at all numbers of an output. */
export function statisticsOf(values: ArrayLike<number>, shape: readonly number[]): Statistics {
  const [last = 0, second] = classAxes(shape);
  const overLast = sumsAlong(values, shape, last);
  const overSecond =
    second === undefined || isOne(overLast.worstSum) ? overLast : sumsAlong(values, shape, second);
  const sums = isOne(overSecond.worstSum) ? overSecond : overLast;
  let [smallest, largest, notFinite] = [Infinity, -Infinity, undefined as number | undefined];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) {
      notFinite = index;
      break;
    }
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }
  return {
    notFinite,
    smallest,
    largest,
    inUnit: smallest >= -tolerance && largest <= 1 + tolerance,
    sumsToOne: isOne(sums.worstSum),
    ...sums,
    areLogarithms: overLast.areLogarithms || overSecond.areLogarithms,
  };
}

function isOne(sum: number): boolean {
  return Math.abs(sum - 1) <= tolerance;
}

type Sums = Pick<Statistics, 'worstSum' | 'areLogarithms' | 'width'>;

/** The sums over one axis. */
function sumsAlong(values: ArrayLike<number>, shape: readonly number[], axis: number): Sums {
  const width = shape[axis] ?? 1;
  const step = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  let [worstSum, areLogarithms] = [1, true];
  for (let block = 0; block < values.length; block += width * step) {
    for (let start = block; start < block + step; start++) {
      let [sum, sumOfPowers] = [0, 0];
      for (let index = start; index < start + width * step; index += step) {
        sum += values[index] as number;
        sumOfPowers += Math.exp(values[index] as number);
      }
      if (Math.abs(sum - 1) > Math.abs(worstSum - 1)) worstSum = sum;
      areLogarithms &&= Math.abs(sumOfPowers - 1) <= tolerance;
    }
  }
  return { worstSum, areLogarithms, width };
}
