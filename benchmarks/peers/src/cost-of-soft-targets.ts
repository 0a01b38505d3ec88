import { inTurns, median, medianWithInterval } from '@kd-benchmarks/shared';
import type { Peer } from './peer.js';

/** The time that soft targets add to a step of one net. */
export interface CostOfSoftTargets {
  readonly net: string;
  readonly peer: string;
  /** Milliseconds of a step with precomputed targets minus those of a plain step in the same round. */
  readonly difference: ReturnType<typeof medianWithInterval>;
}

/**
 * Measures the time that precomputed soft targets add to a step, in short rounds with and without them in one
 * process.
 */
export async function costOfSoftTargets(
  peers: readonly Peer[],
  rounds: number,
): Promise<CostOfSoftTargets[]> {
  const costs: CostOfSoftTargets[] = [];
  for (const net of ['mlp', 'conv']) {
    for (const peer of peers) {
      const [plain, taught] = [`${net}-plain`, `${net}-kd-targets`];
      const times: Record<string, number[]> = { [plain]: [], [taught]: [] };
      await inTurns(rounds, [plain, taught], async (name) => {
        times[name]?.push(median(await peer.time(name, 5)));
      });
      const differences = (times[taught] ?? []).map((ms, round) => ms - (times[plain]?.[round] ?? NaN));
      const difference = medianWithInterval(differences);
      const [lower, upper] = difference.interval.map((ms) => ms.toFixed(2));
      console.log(
        `${net} on ${peer.name}: precomputed soft targets add ${difference.median.toFixed(2)} ms (${String(lower)} to ${String(upper)})`,
      );
      costs.push({ net, peer: peer.name, difference });
    }
  }
  return costs;
}
