import { median } from '@kd-benchmarks/shared';
import type { Turn } from './messages.js';
import type { Peer, PeerName } from './peer.js';
import type { PeerTimes, Row } from './row.js';
import { startPeers } from './start-peers.js';
import type { Start } from './start-peers.js';
import { timeRounds } from './time-rounds.js';
import type { Amount } from './time-rounds.js';
import { warmUp } from './warm-up.js';
import type { Work } from './works.js';

/** One work on all peers, in fresh processes. */
export async function timeWork(
  work: Work,
  names: readonly PeerName[],
  start: Start,
  amount: Amount & { readonly warmUp: number },
): Promise<{ readonly row: Row; readonly about: Readonly<Record<string, string>> }> {
  const peers = await startPeers(names, work, start);
  try {
    for (const peer of peers) await warmUp(peer, work, amount.warmUp);
    const { turns, rerun, disturbed } = await timeRounds(peers, work, amount);
    return {
      row: {
        work: work.name,
        peers: peers.map((peer) => timesOfPeer(peer, turns.get(peer) ?? [])),
        rerun,
        disturbed,
      },
      about: Object.fromEntries(peers.map(({ name, about }) => [name, about])),
    };
  } finally {
    for (const peer of peers) peer.close();
  }
}

function timesOfPeer({ name, layout }: Peer, turns: readonly Turn[]): PeerTimes {
  const all = turns.flatMap(({ milliseconds }) => milliseconds);
  const whole = turns.flatMap((turn) => turn.whole ?? []);
  const compiled = turns.at(-1)?.compiled;
  return {
    peer: name,
    ...(layout === undefined ? {} : { layout }),
    ms: median(all),
    best: Math.min(...all),
    ...(whole.length === 0 ? {} : { whole: median(whole) }),
    rounds: turns.map(({ milliseconds }) => ({
      median: median(milliseconds),
      best: Math.min(...milliseconds),
    })),
    ...(compiled === undefined ? {} : { compiled }),
  };
}
