import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { methods } from './methods/index.js';
import type { Results } from './results.js';
import { table } from './table.js';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
/** The cells of a table, whatever its alignment. */
const cellsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim().replace(/-{3,}/, '---')));

it('shows the results of all methods', () => {
  const results = JSON.parse(read('results/fashion-mnist.json')) as Results;
  expect(results.methods.map(({ name }) => name)).toEqual(methods.map(({ name }) => name));
  const rows = cellsOf(table(results));
  const shown = cellsOf(read('README.md'));
  const start = shown.findIndex((cells) => cells.join() === rows[0]?.join());
  expect(shown.slice(start, start + rows.length)).toEqual(rows);
});
