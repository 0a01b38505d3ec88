import { median, pairedRatio } from '@kd-benchmarks/shared';
import type { Ratio } from '@kd-benchmarks/shared';

/** Milliseconds of the steps of one round, on each side. */
export interface Round {
  readonly there: readonly number[];
  readonly here: readonly number[];
}

/** How long steps take on two sides. */
export interface Times {
  /** Median of all steps, in milliseconds. */
  readonly there: number;
  readonly here: number;
  /** Ratio of here to there. */
  readonly ratio: Ratio;
}

/**
 * Compares the times of steps, round by round. The ratio of a round is the median of the ratios of the same
 * step on both sides, because the steps of a training may be of several kinds: two stages, or two students.
 */
export function compareTimes(rounds: readonly Round[]): Times {
  const ratios = rounds.map(({ there, here }) => pairedRatio(here, there).median);
  return {
    there: median(rounds.flatMap(({ there }) => there)),
    here: median(rounds.flatMap(({ here }) => here)),
    ratio: { median: median(ratios), range: [Math.min(...ratios), Math.max(...ratios)] },
  };
}
