import { inTurns, median } from '@kd-benchmarks/shared';
import { disturbedRounds } from './disturbed-rounds.js';
import type { Turn } from './messages.js';
import { isTorch } from './peer.js';
import type { Peer } from './peer.js';
import type { Work } from './works.js';

/** How much to measure. */
export interface Amount {
  readonly rounds: number;
  readonly steps: number;
  /** At most this many rounds are run again. */
  readonly reruns: number;
}

/** The turns of each peer, one per round. */
export interface TimedRounds {
  readonly turns: ReadonlyMap<Peer, readonly Turn[]>;
  readonly rerun: number;
  readonly disturbed: number;
}

/** Times a work in alternating rounds, and runs rounds again in which PyTorch was disturbed. */
export async function timeRounds(
  peers: readonly Peer[],
  work: Work,
  { rounds, steps, reruns }: Amount,
): Promise<TimedRounds> {
  const turns = new Map<Peer, Turn[]>(peers.map((peer) => [peer, []]));
  const take = async (peer: Peer, round: number): Promise<void> => {
    const timed = turns.get(peer) ?? [];
    timed[round] = await peer.turn(work, stepsOf(peer, steps));
  };
  const mediansOf = (peer: Peer): number[] =>
    (turns.get(peer) ?? []).map(({ milliseconds }) => median(milliseconds));
  const disturbed = (): number[] => disturbedRounds(peers.filter(isTorch).map(mediansOf));
  await inTurns(rounds, peers, take);
  let rerun = 0;
  for (let [round] = disturbed(); round !== undefined && rerun < reruns; [round] = disturbed()) {
    rerun += 1;
    for (const peer of rerun % 2 === 0 ? peers : peers.toReversed()) await take(peer, round);
  }
  return { turns, rerun, disturbed: disturbed().length };
}

/** wasm takes up to twenty times as long, and is not what the ratios are about. */
function stepsOf({ name }: Peer, steps: number): number {
  return name === 'wasm' ? Math.max(3, Math.ceil(steps / 10)) : steps;
}
