import type { Peer } from './peer.js';
import type { Work } from './works.js';

const chunk = 10;

/**
 * Makes untimed steps. The first ones create the optimizer's moments, are written down for a function of
 * TensorFlow, or compile; V8 compiles hot code during the first hundreds. Slow peers end after some seconds,
 * which come after the first steps.
 */
export async function warmUp(peer: Peer, work: Work, steps: number, seconds = 20): Promise<void> {
  await peer.turn(work, chunk);
  const began = performance.now();
  for (let done = chunk; done < steps && performance.now() - began < 1000 * seconds; done += chunk)
    await peer.turn(work, chunk);
}
