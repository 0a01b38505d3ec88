import { DOMParser } from '@xmldom/xmldom';
import { expect, it } from 'vitest';
import { agreement, time } from '../test/made-up.js';
import { curves, differenceCurves } from './chart.js';
import { agreementTable, differencesTable, kinksTable } from './table.js';

const rowsOf = (table: string): string[] => table.split('\n').slice(2);

it('is a table of the largest differences, with costs once they are measured', () => {
  expect(rowsOf(agreementTable(agreement))).toEqual([
    '| ours on wasm | reference | reference | reference | reference |  |  |',
    // |2.5 - 2| / 2 at the second step.
    '| PyTorch | 2.5e-1 | 1.3e-1 |  |  |  |  |',
    '| Keras | 0.0e+0 | 0.0e+0 |  |  |  |  |',
  ]);
  expect(rowsOf(agreementTable(agreement, time)).slice(0, 2)).toEqual([
    // The median of 3 / 2, 1 / 4 and 2 / 1; that of the medians would be 1.
    '| ours on wasm | reference | reference | reference | reference | 2.00 ms (1.50x) | 100 MiB |',
    '| PyTorch | 2.5e-1 | 1.3e-1 |  |  | 2.00 ms | 200 MiB |',
  ]);
});

it('compares PyTorch with itself where there is a kink', () => {
  expect(rowsOf(kinksTable(agreement))).toEqual([
    '| PyTorch | 0.0e+0 | 0.0e+0 |',
    // |6 - 3| / 3.
    '| PyTorch, reversed, to PyTorch | 1.0e+0 | 5.0e-1 |',
  ]);
});

it('is a table of formulas that differ, by the first loss', () => {
  expect(rowsOf(differencesTable(agreement))).toEqual([
    '| torchdistill, alpha = 0 | 0.5000 | 8.000 | 0.06250 | 9.4e-1 | 2 | 2 |',
  ]);
});

it('is a chart of all losses, and one of all differences', async () => {
  const svg = await curves(agreement);
  expect(await curves(agreement)).toBe(svg);
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml');
  const texts = Array.from(root.getElementsByTagName('text')).map(({ textContent }) => textContent);
  expect(texts).toEqual(expect.arrayContaining(['PyTorch', 'torchdistill, alpha = 0', 'other formulas']));
  expect(linesOf(svg)).toBe(9);
  // Those that are compared with another run and differ from it.
  expect(linesOf(await differenceCurves(agreement))).toBe(3);
});

function linesOf(svg: string): number {
  return svg.match(/aria-roledescription="line mark" d="M/g)?.length ?? 0;
}
