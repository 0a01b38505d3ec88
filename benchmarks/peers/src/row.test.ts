import { expect, it } from 'vitest';
import { withRow } from './row.js';
import type { Row } from './row.js';

it('adds a row, or replaces it in its place', () => {
  const row = (work: string, rerun = 0): Row => ({ work, peers: [], rerun, disturbed: 0 });
  const rows = withRow([row('a')], row('b'));
  expect(rows).toEqual([row('a'), row('b')]);
  expect(withRow(rows, row('a', 1))).toEqual([row('a', 1), row('b')]);
});
