import type { Peer } from './peer.js';
import { startOurs } from './our-peer.js';
import { startPython } from './python-peer.js';
import type { PeerName } from './runs.js';

/** Starts a fresh process for a peer. */
export function startPeer(name: PeerName, python: string): Promise<Peer> {
  return name === 'wasm' || name === 'tensorflow' ? startOurs(name) : startPython(python, `in_${name}`);
}
