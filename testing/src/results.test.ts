import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { filesUnder, root } from './documentation-files.js';

/** The rows of the tables of a text, whatever their alignment. */
function rowsOf(file: string): string[] {
  return readFileSync(`${root}/${file}`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .join(' | '),
    );
}

it('shows the tables of the benchmarks', () => {
  const readmes = filesUnder('benchmarks').filter((file) => /^benchmarks\/[^/]+\/README\.md$/.test(file));
  const measured = new Set(readmes.flatMap(rowsOf));
  const shown = rowsOf('docs/results.md');
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.filter((row) => !measured.has(row))).toEqual([]);
});
