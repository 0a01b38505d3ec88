import { DOMParser } from '@xmldom/xmldom';
import { expect, it } from 'vitest';
import { chart } from './chart.js';
import { table } from './table.js';

const students = (...tests: number[]) =>
  tests.map((test, index) => ({ seed: index + 1, validation: test, test }));
const results = {
  work: 'toys',
  backend: 'cpu',
  teacher: { test: 93.4 },
  methods: [
    { name: 'student alone', result: { search: [], chosen: 2, students: students(80, 82) } },
    {
      name: 'relational (RKD)',
      result: { search: [], chosen: 0.2 / 5, students: students(83, 85) },
      cost: { own: { milliseconds: 3, memory: 150 }, plain: { milliseconds: 2, memory: 100 } },
    },
    { name: 'decoupled (DKD)' },
  ],
};

it('is a table of what is known: means, ranges and ratios', () => {
  expect(table(results).split('\n').slice(2)).toEqual([
    '| student alone | labels | rate ×2 | 81.00 (80.00-82.00) |  |  |',
    '| relational (RKD) | features | 0.04 | 84.00 (83.00-85.00) | 1.50x | 1.50x |',
  ]);
});

it('is a chart with each student as a point', async () => {
  const svg = await chart(results);
  expect(await chart(results)).toBe(svg);
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml');
  const texts = Array.from(root.getElementsByTagName('text')).map(({ textContent }) => textContent);
  expect(texts).toEqual(expect.arrayContaining(['student alone', 'relational (RKD)', 'test accuracy in %']));
  expect(texts.join(' ')).toContain('the teacher reaches 93.4 %');
  expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(4);
});
