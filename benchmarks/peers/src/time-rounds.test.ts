import { expect, it } from 'vitest';
import type { Peer, PeerName } from './peer.js';
import { timeRounds } from './time-rounds.js';
import { workOf } from './works.js';

/** A peer whose turns take these times, then 1. */
function peerOf(name: PeerName, times: number[], log: string[] = []): Peer {
  return {
    name,
    about: '',
    turn: (_, steps) => {
      log.push(`${name} ${String(steps)}`);
      return Promise.resolve({ milliseconds: [times.shift() ?? 1] });
    },
    close: () => undefined,
  };
}

const work = workOf('mlp-plain');

it('runs a round again in which PyTorch was disturbed, with all peers', async () => {
  const [torch, ours] = [peerOf('torch', [1, 3, 1]), peerOf('compiled', [2, 2, 2, 7])];
  const { turns, rerun, disturbed } = await timeRounds([torch, ours], work, {
    rounds: 3,
    steps: 5,
    reruns: 9,
  });
  expect({ rerun, disturbed }).toEqual({ rerun: 1, disturbed: 0 });
  expect(turns.get(torch)?.map(({ milliseconds }) => milliseconds[0])).toEqual([1, 1, 1]);
  expect(turns.get(ours)?.map(({ milliseconds }) => milliseconds[0])).toEqual([2, 7, 2]);
});

it('gives up after some rounds, and says so', async () => {
  const torch = peerOf('torch', [1, 3, 3, 3, 3, 3]);
  const { rerun, disturbed } = await timeRounds([torch], work, { rounds: 2, steps: 5, reruns: 2 });
  expect({ rerun, disturbed }).toEqual({ rerun: 2, disturbed: 1 });
});

it('never runs a round again because of ours, and gives wasm fewer steps', async () => {
  const log: string[] = [];
  const peers = [peerOf('eager', [1, 9], log), peerOf('wasm', [1, 9], log)];
  const { rerun } = await timeRounds(peers, work, { rounds: 2, steps: 50, reruns: 2 });
  expect(rerun).toBe(0);
  expect(log).toEqual(['eager 50', 'wasm 5', 'wasm 5', 'eager 50']);
});
