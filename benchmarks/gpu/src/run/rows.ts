import { median, pairedRatio } from '@kd-benchmarks/shared';
import type { Ratio } from '@kd-benchmarks/shared';

/** The times of one peer at one work, round by round. */
export interface Timed {
  readonly peer: string;
  readonly rounds: readonly (readonly number[])[];
  readonly compiled?: boolean | string;
}

/** One work on one peer. */
export interface Row {
  readonly work: string;
  readonly peer: string;
  /** Median of all timed steps, in milliseconds. */
  readonly ms: number;
  /** The smallest and the largest of the rounds' medians. */
  readonly spread: readonly [number, number];
  /** Number of timed steps. */
  readonly steps: number;
  /** Of ours: whether the steps ran as one call of the backend; otherwise why not. */
  readonly compiled?: boolean | string;
  /** To each peer of PyTorch, the ratio of the times in the same rounds; below 1 is faster than it. */
  readonly ratios: Readonly<Record<string, Ratio>>;
}

/** The rows of one work. */
export function rowsOf(work: string, timed: readonly Timed[]): Row[] {
  const references = timed.filter(({ peer }) => peer.startsWith('torch'));
  return timed.map(({ peer, rounds, compiled }) => {
    const medians = rounds.map(median);
    const ratios = references
      .filter((reference) => reference.peer !== peer)
      .map((reference) => [reference.peer, pairedRatio(medians, reference.rounds.map(median))] as const);
    return {
      work,
      peer,
      ms: median(rounds.flat()),
      spread: [Math.min(...medians), Math.max(...medians)],
      steps: rounds.flat().length,
      ...(compiled === undefined ? {} : { compiled }),
      ratios: Object.fromEntries(ratios),
    };
  });
}

/** A row as a line to read. */
export function lineOf({ work, peer, ms, ratios }: Row): string {
  const compared = Object.entries(ratios).map(
    ([reference, ratio]) => `${ratio.median.toFixed(2)} of ${reference}`,
  );
  return [work.padEnd(28), peer.padEnd(16), `${ms.toFixed(2).padStart(9)} ms `, compared.join(', ')].join(
    ' ',
  );
}
