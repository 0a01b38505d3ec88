import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Agreement } from './results.js';
import { nameOf } from './runs.js';
import { runsOf } from './runs-of.js';
import { full } from './settings.js';
import { agreementTable, differencesTable, kinksTable } from './table.js';
import type { Time } from './time.js';

const urlOf = (file: string): URL => new URL(`../${file}`, import.meta.url);
const read = (file: string): string => readFileSync(urlOf(file), 'utf8');
/** The cells of a table, whatever its alignment. */
const cellsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim().replace(/-{3,}/, '---')));

const readme = read('README.md');
const agreement = JSON.parse(read('results/agreement.json')) as Agreement;
// The steps are timed in a run of their own.
const time = existsSync(urlOf('results/time.json'))
  ? (JSON.parse(read('results/time.json')) as Time)
  : undefined;

it('has the results of all runs with the present settings', () => {
  expect(agreement.settings).toEqual(full);
  expect(agreement.runs.map(({ name }) => name)).toEqual(runsOf(full).map(nameOf));
  if (time !== undefined) expect(time.key).toBe(agreement.key);
});

it.each([
  ['the same formula', agreementTable(agreement, time)],
  ['a kink', kinksTable(agreement)],
  ['other formulas', differencesTable(agreement)],
])('shows the table of %s', (_, table) => {
  const rows = cellsOf(table);
  const shown = cellsOf(readme);
  const start = shown.findIndex((cells) => cells.join() === rows[0]?.join());
  expect(shown.slice(start, start + rows.length)).toEqual(rows);
});

it('names the versions that are installed', () => {
  const pinned = new Map(
    Array.from(read('python/requirements.txt').matchAll(/^([\w-]+)==(.+)$/gm), ([, name, version]) => [
      name,
      version,
    ]),
  );
  const version = (name: string): string => pinned.get(name) ?? '';
  expect(readme).toContain(`| PyTorch ${version('torch')} `);
  expect(readme).toContain(`| torchdistill ${version('torchdistill')} `);
  expect(readme).toContain(`| Keras ${version('keras')} on tensorflow-cpu ${version('tensorflow-cpu')} `);
});
