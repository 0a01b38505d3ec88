import type { Held } from './messages.js';
import { startOurs } from './our-peers.js';
import type { PeerName } from './peer.js';
import type { Work } from './works.js';

/** What a process holds over many steps of one work. */
export interface MemoryOfWork {
  readonly work: string;
  readonly peer: PeerName;
  readonly held: readonly (Held & { readonly step: number })[];
}

// Before the first sample, steps have been compiled and V8 has compiled most code.
const before = 200;
const samples = 10;

/** What the process of a peer holds, at eleven moments of some steps. */
export async function memoryOf(
  work: Work,
  name: PeerName,
  steps: number,
  env: NodeJS.ProcessEnv,
): Promise<MemoryOfWork> {
  const peer = await startOurs(name, env, true);
  try {
    await peer.turn(work, before);
    const held = [{ step: 0, ...(await peer.held()) }];
    for (let sample = 1, done = 0; sample <= samples; sample++) {
      const next = Math.round((steps * sample) / samples);
      if (next > done) await peer.turn(work, next - done);
      done = next;
      held.push({ step: done, ...(await peer.held()) });
    }
    return { work: work.name, peer: name, held };
  } finally {
    peer.close();
  }
}
