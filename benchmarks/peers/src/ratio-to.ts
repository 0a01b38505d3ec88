import { pairedRatio } from '@kd-benchmarks/shared';
import type { Ratio } from '@kd-benchmarks/shared';
import type { PeerName } from './peer.js';
import { timesOf } from './row.js';
import type { Row } from './row.js';

/** How long a peer takes compared with another one. */
export interface Compared extends Ratio {
  /** Ratio of the fastest steps. */
  readonly best: number;
}

/**
 * The ratio of two peers: of the medians of each round, and of the fastest steps; undefined if the row lacks
 * one of them.
 */
export function ratioTo(row: Pick<Row, 'peers'>, peer: PeerName, reference: PeerName): Compared | undefined {
  const [ours, theirs] = [timesOf(row, peer), timesOf(row, reference)];
  if (ours === undefined || theirs === undefined) return undefined;
  const medians = ({ rounds }: typeof ours): number[] => rounds.map(({ median }) => median);
  return { ...pairedRatio(medians(ours), medians(theirs)), best: ours.best / theirs.best };
}
