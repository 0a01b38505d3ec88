import type { Held } from '@kd-benchmarks/backends/messages';
import { startVariants } from '@kd-benchmarks/backends/variant-client';
import type { Peer } from './peer.js';

// The name of each peer by its backend and state.
const names: Readonly<Record<string, string>> = { 'tensorflow ours': 'native', 'wasm ours-2': 'wasm' };

/** One of our peers, which also reports the memory that its steps leave. */
export interface OurPeer extends Peer {
  readonly held: (work: string, steps: number) => Promise<readonly Held[]>;
}

/** Starts our peers: on tfjs-node if it is built, and on wasm with two threads. */
export async function startOurs(): Promise<OurPeer[]> {
  const titleOf = ({ backend, variant }: { backend: string; variant: string }): string =>
    `${backend} ${variant}`;
  const clients = await startVariants((variant) => titleOf(variant) in names);
  return clients.map(({ variant, ask, close }) => ({
    name: names[titleOf(variant)] ?? '',
    about: titleOf(variant),
    time: async (work, steps) => {
      const answer = await ask({ type: 'time', work, steps });
      if (answer.type === 'times') return answer.milliseconds;
      throw new Error(answer.type === 'failure' ? answer.message : answer.type);
    },
    held: async (work, steps) => {
      const answer = await ask({ type: 'memory', work, steps });
      if (answer.type === 'memory') return answer.held;
      throw new Error(answer.type === 'failure' ? answer.message : answer.type);
    },
    close,
  }));
}
