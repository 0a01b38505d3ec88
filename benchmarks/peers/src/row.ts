import type { Layout, PeerName } from './peer.js';

/** Times of one turn, in milliseconds per step. */
export interface RoundTimes {
  readonly median: number;
  readonly best: number;
}

/** One work on one peer. */
export interface PeerTimes {
  readonly peer: PeerName;
  /** PyTorch only. */
  readonly layout?: Layout;
  /** Median of all steps. */
  readonly ms: number;
  /** The fastest step. */
  readonly best: number;
  /** Ours only: median from the end of one step to the end of the next, with batches and events. */
  readonly whole?: number;
  readonly rounds: readonly RoundTimes[];
  /** Ours only: true if steps run as one call, the reason if they cannot. */
  readonly compiled?: true | string;
}

/** One work on all peers. */
export interface Row {
  readonly work: string;
  readonly peers: readonly PeerTimes[];
  /** Rounds that were run again because PyTorch was disturbed. */
  readonly rerun: number;
  /** Rounds in which PyTorch stayed disturbed. */
  readonly disturbed: number;
}

/** The times of a peer; for PyTorch those of the layout with the smaller median. */
export function timesOf({ peers }: Pick<Row, 'peers'>, name: PeerName): PeerTimes | undefined {
  const [first, ...others] = peers.filter(({ peer }) => peer === name);
  return others.reduce((a, b) => (a === undefined || b.ms < a.ms ? b : a), first);
}

/** Rows with one more, which replaces an earlier one of the same work. */
export function withRow(rows: readonly Row[], row: Row): readonly Row[] {
  return rows.some(({ work }) => work === row.work)
    ? rows.map((other) => (other.work === row.work ? row : other))
    : [...rows, row];
}
