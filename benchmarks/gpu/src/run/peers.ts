import type { ChosenBackend } from './choose-backend.js';
import type { Machine } from './machine.js';
import type { Options } from './options.js';
import { peerOf } from './peer.js';
import type { Peer } from './peer.js';
import { nodeCommand, pythonCommand } from './place.js';
import type { Report } from './report.js';

/** The peers that can run here; reports which cannot, and why. */
export function peersOf(
  { name, why }: ChosenBackend,
  { pytorch }: Machine,
  { python, software }: Options,
  env: Readonly<Record<string, string>>,
  report: Report,
): Peer[] {
  const ours = (peer: string, compile: 'auto' | 'never'): Peer =>
    peerOf(peer, nodeCommand('steps', [name ?? 'any', compile], env));
  // TensorFlow multiplies in TF32 unless told otherwise, WebGPU in float32: PyTorch does the same.
  const precision = name === 'tensorflow' ? ['--tf32'] : [];
  const inPython = [...precision, '--device', software ? 'cpu' : 'cuda'];
  const torch = (peer: string, args: readonly string[]): Peer =>
    peerOf(peer, pythonCommand(python, [...inPython, ...args]));
  const peers: Peer[] = [];
  if (name === null) report.cannot('our steps', why);
  else peers.push(ours('ours', 'never'));
  if (name === 'tensorflow') peers.unshift(ours('ours-compiled', 'auto'));
  if (name === 'webgpu') report.cannot('our compiled steps', 'WebGPU has no functions to compile steps to');
  const isInUse = typeof pytorch !== 'string' && (pytorch.gpu || software);
  if (isInUse) peers.push(torch('torch', []), torch('torch-compiled', ['--compile']));
  else report.cannot('PyTorch', typeof pytorch === 'string' ? pytorch : 'it sees no GPU');
  return peers;
}
