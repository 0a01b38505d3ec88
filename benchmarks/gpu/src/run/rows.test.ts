import { expect, it } from 'vitest';
import { lineOf, rowsOf } from './rows.js';

it('compares rounds with those of PyTorch', () => {
  const rows = rowsOf('dense', [
    { peer: 'ours', rounds: [[4, 6], [8]], compiled: true },
    { peer: 'torch', rounds: [[10], [4]] },
  ]);
  expect(rows[0]).toEqual({
    work: 'dense',
    peer: 'ours',
    ms: 6,
    spread: [5, 8],
    steps: 3,
    compiled: true,
    ratios: { torch: { median: 1.25, range: [0.5, 2] } },
  });
  expect(rows[1]?.ratios).toEqual({});
  expect(lineOf(rows[0] ?? fail())).toMatch(/^dense +ours +6\.00 ms +1\.25 of torch$/);
});

function fail(): never {
  throw new Error('no row');
}
