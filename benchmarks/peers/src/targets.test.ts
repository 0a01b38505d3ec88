import { expect, it } from 'vitest';
import type { PeerTimes, Row } from './row.js';
import { verdictOn } from './targets.js';

const times = (peer: PeerTimes['peer'], ms: number): PeerTimes => ({
  peer,
  ms,
  best: ms,
  rounds: [{ median: ms, best: ms }],
});

const rowOf = (torch: number, compiler: number, compiled: Partial<PeerTimes> = {}): Row => ({
  work: 'mlp-plain',
  peers: [
    times('torch', torch),
    times('torch.compile', compiler),
    { ...times('compiled', 1), compiled: true, ...compiled },
  ],
  rerun: 0,
  disturbed: 0,
});

it('meets or misses the targets of its table', () => {
  expect(verdictOn(rowOf(2, 1), 'unrestricted')).toBe('met');
  expect(verdictOn(rowOf(1.2, 1), 'unrestricted')).toBe('**missed**: 0.833 > 0.80 of PyTorch');
  expect(verdictOn(rowOf(1.2, 1), 'avx2')).toBe('met');
  expect(verdictOn(rowOf(2, 0.5), 'avx2')).toBe('**missed**: 2.000 > 1.00 of torch.compile');
});

it('misses them if the steps are not compiled', () => {
  expect(verdictOn(rowOf(9, 9, { compiled: 'a reason' }), 'avx2')).toBe(
    '**missed**: not compiled (a reason)',
  );
});

it('says if the fastest steps would miss them', () => {
  expect(verdictOn(rowOf(9, 9, { best: 8 }), 'unrestricted')).toBe(
    'met, but not by the fastest steps: 0.889 > 0.80 of PyTorch',
  );
});

it('says nothing without PyTorch', () => {
  const { peers, ...row } = rowOf(1, 1);
  expect(verdictOn({ ...row, peers: peers.slice(2) }, 'avx2')).toBe('');
});
