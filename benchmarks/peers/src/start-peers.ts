import { startOurs } from './our-peers.js';
import { isTorch, layouts } from './peer.js';
import type { Peer, PeerName } from './peer.js';
import { startPython } from './python-peer.js';
import { isOursOnly } from './works.js';
import type { Work } from './works.js';

/** How processes are started. */
export interface Start {
  /** The Python that has PyTorch. */
  readonly python: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Starts fresh processes for one work, so that no peer carries code or memory of another work. PyTorch has
 * one process for each layout of images.
 */
export async function startPeers(
  names: readonly PeerName[],
  work: Work,
  { python, env }: Start,
): Promise<Peer[]> {
  const ours = names.filter((name) => !isTorch({ name })).map((name) => startOurs(name, env));
  const wanted = work.input.length === 3 ? layouts : (['contiguous'] as const);
  const theirs =
    python === undefined || isOursOnly(work)
      ? []
      : names
          .filter((name) => isTorch({ name }))
          .flatMap((name) => wanted.map((layout) => startPython(python, name, layout, env)));
  const outcomes = await Promise.allSettled<Peer>([...theirs, ...ours]);
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'fulfilled') return [outcome.value];
    console.log(`skipped: ${String(outcome.reason)}`);
    return [];
  });
}
