import { inTurns, median, medianWithInterval } from '@kd-benchmarks/shared';
import type { PeerName } from './peer.js';
import { startPeers } from './start-peers.js';
import type { Start } from './start-peers.js';
import { warmUp } from './warm-up.js';
import { workOf } from './works.js';

type Interval = ReturnType<typeof medianWithInterval>;

/** The time that precomputed soft targets add to a step of one net. */
export interface CostOfSoftTargets {
  readonly net: string;
  readonly peer: PeerName;
  /** A step with targets divided by a plain one in the same round. */
  readonly ratio: Interval;
  /** Milliseconds of a step with targets minus those of a plain one. */
  readonly difference: Interval;
}

/** How much to measure. */
export interface PairedAmount {
  readonly rounds: number;
  readonly steps: number;
  readonly warmUp: number;
}

/**
 * Measures the time that precomputed soft targets add to a step, in short rounds with and without them in one
 * process.
 */
export async function costOfSoftTargets(
  net: string,
  names: readonly PeerName[],
  start: Start,
  amount: PairedAmount,
): Promise<CostOfSoftTargets[]> {
  const [plain, taught] = [workOf(`${net}-plain`), workOf(`${net}-kd-targets`)];
  const peers = await startPeers(names, plain, start);
  try {
    const costs: CostOfSoftTargets[] = [];
    for (const peer of peers.filter(({ layout = 'contiguous' }) => layout === 'contiguous')) {
      const times = { plain: [] as number[], taught: [] as number[] };
      for (const work of [plain, taught]) await warmUp(peer, work, amount.warmUp);
      await inTurns(amount.rounds, ['plain', 'taught'] as const, async (step) => {
        const { milliseconds } = await peer.turn(step === 'plain' ? plain : taught, amount.steps);
        times[step].push(median(milliseconds));
      });
      costs.push({ net, peer: peer.name, ...comparePairs(times) });
    }
    return costs;
  } finally {
    for (const peer of peers) peer.close();
  }
}

/** Compares the medians of the same rounds. */
export function comparePairs(times: {
  readonly plain: readonly number[];
  readonly taught: readonly number[];
}): Pick<CostOfSoftTargets, 'ratio' | 'difference'> {
  const paired = (combine: (taught: number, plain: number) => number): Interval =>
    medianWithInterval(times.taught.map((ms, round) => combine(ms, times.plain[round] ?? NaN)));
  return { ratio: paired((a, b) => a / b), difference: paired((a, b) => a - b) };
}
