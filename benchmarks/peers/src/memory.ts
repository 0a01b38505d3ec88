import type { OurPeer } from './our-peers.js';

const works = ['mlp-kd-targets', 'conv-kd'];

/** Tensors and peak memory of the process, over many steps. */
export async function memoryOf(peers: readonly OurPeer[], steps: number): Promise<object[]> {
  const seen: object[] = [];
  for (const peer of peers) {
    for (const work of works) {
      const held = await peer.held(work, steps);
      seen.push({ work, peer: peer.name, held });
      const states = held.map(
        ({ step, tensors, peakBytes }) =>
          `${String(step)}: ${String(tensors)}, ${(peakBytes / 2 ** 20).toFixed(0)} MiB`,
      );
      console.log(`${work} on ${peer.name}; step: tensors, peak memory. ${states.join(' | ')}`);
    }
  }
  return seen;
}
