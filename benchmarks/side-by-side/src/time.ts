import { availableParallelism, cpus } from 'node:os';
import process from 'node:process';
import { inTurns, median } from '@kd-benchmarks/shared';
import type { Peer } from './peer.js';
import type { PeerName, Recipe } from './runs.js';

/** How much is timed. */
export interface Amount {
  /** Untimed first steps of every peer. */
  readonly warmUp: number;
  readonly rounds: number;
  /** Steps of a turn. */
  readonly steps: number;
}

/** The times of a peer. */
export interface TimeRow {
  readonly peer: PeerName;
  readonly about: string;
  /** The median step of each round, in milliseconds. */
  readonly rounds: readonly number[];
  readonly peakBytes: number;
}

/** Steps timed in turns. */
export interface Time {
  /** The work that was timed. */
  readonly key: string;
  readonly machine: { readonly processor: string; readonly cores: number; readonly node: string };
  readonly amount: Amount;
  readonly rows: readonly TimeRow[];
}

/** Times the steps of a recipe in alternating rounds: each process waits for its turn. */
export async function timeInTurns(
  peers: ReadonlyMap<PeerName, Peer>,
  { folder, key }: { readonly folder: string; readonly key: string },
  recipe: Recipe,
  { warmUp, rounds, steps }: Amount,
): Promise<Time> {
  const entries = [...peers].map(([name, peer]) => ({ name, peer, medians: [] as number[] }));
  for (const { peer } of entries) {
    await peer.ask({ type: 'start', folder, recipe });
    await peer.ask({ type: 'steps', count: warmUp });
  }
  await inTurns(rounds, entries, async ({ peer, medians }) => {
    const { milliseconds } = await peer.ask({ type: 'steps', count: steps });
    medians.push(median(milliseconds));
  });
  const rows: TimeRow[] = [];
  for (const { name, peer, medians } of entries) {
    const { peakBytes } = await peer.ask({ type: 'finish', file: `${folder}/timed-${name}.bin` });
    rows.push({ peer: name, about: peer.about, rounds: medians, peakBytes });
  }
  const machine = {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
  };
  return { key, machine, amount: { warmUp, rounds, steps }, rows };
}
