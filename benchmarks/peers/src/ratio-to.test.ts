import { expect, it } from 'vitest';
import type { PeerName, Layout } from './peer.js';
import { ratioTo } from './ratio-to.js';
import { timesOf } from './row.js';
import type { PeerTimes } from './row.js';

const times = (peer: PeerName, medians: readonly number[], best: number, layout?: Layout): PeerTimes => ({
  peer,
  ms: Math.max(...medians),
  best,
  rounds: medians.map((median) => ({ median, best })),
  ...(layout === undefined ? {} : { layout }),
});

it('compares medians of the same round, and the fastest steps', () => {
  const row = { peers: [times('torch', [4, 8], 2), times('compiled', [2, 2], 1.5)] };
  expect(ratioTo(row, 'compiled', 'torch')).toEqual({ median: 0.375, range: [0.25, 0.5], best: 0.75 });
});

it('takes the faster layout of PyTorch', () => {
  const slow = times('torch', [9], 1, 'contiguous');
  const fast = times('torch', [6], 3, 'channels-last');
  expect(timesOf({ peers: [slow, fast] }, 'torch')).toBe(fast);
  expect(timesOf({ peers: [fast, slow] }, 'torch')).toBe(fast);
});

it('has no ratio to a peer that did not run', () => {
  expect(ratioTo({ peers: [times('compiled', [1], 1)] }, 'compiled', 'torch')).toBeUndefined();
});
