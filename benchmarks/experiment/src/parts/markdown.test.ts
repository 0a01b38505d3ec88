import { format } from 'prettier';
import { expect, it } from 'vitest';
import { markdown, withTables } from './index.js';

const table = markdown(
  ['', 'errors', 'p'],
  [
    ['student, distilled', '74', ''],
    ['T = 4', '110 (90-120)', '**0.5**'],
  ],
);

it('pads a table as prettier does', async () => {
  expect(await format(table, { parser: 'markdown' })).toBe(`${table}\n`);
  expect(table.split('\n')[1]).toBe('| ------------------ | -----------: | ------: |');
});

it('replaces the tables that have the same head, and no other', () => {
  const text =
    '# Title\n\n| | errors | p |\n|---|---:|---:|\n| old | 1 | 2 |\n\nText.\n\n| a |\n|---|\n| b |\n';
  expect(withTables(text, [table])).toBe(`# Title\n\n${table}\n\nText.\n\n| a |\n|---|\n| b |\n`);
});
