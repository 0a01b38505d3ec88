import type { Held, Turn } from './messages.js';
import type { Work } from './works.js';

/** The peers of the tables: PyTorch in two modes, and ours in three. */
export const peerNames = ['torch', 'torch.compile', 'eager', 'compiled', 'wasm'] as const;
export type PeerName = (typeof peerNames)[number];

/** How PyTorch lays out images in memory. */
export const layouts = ['contiguous', 'channels-last'] as const;
export type Layout = (typeof layouts)[number];

/** A process that makes training steps and times them. */
export interface Peer {
  readonly name: PeerName;
  /** PyTorch only. */
  readonly layout?: Layout;
  /** A description for the reader. */
  readonly about: string;
  readonly turn: (work: Work, steps: number) => Promise<Turn>;
  readonly close: () => void;
}

/** One of our peers, which also tells what its process holds. */
export interface OurPeer extends Peer {
  readonly held: () => Promise<Held>;
}

/** Whether a peer is PyTorch. */
export const isTorch = ({ name }: Pick<Peer, 'name'>): boolean => name.startsWith('torch');
