import { DOMParser } from '@xmldom/xmldom';
import { asBits } from '@kd-benchmarks/experiment/parts';
import { expect, it } from 'vitest';
import { epochsChart } from './epochs-chart.js';
import { errorsChart } from './errors-chart.js';
import type { Trained } from './studies/index.js';

const labelsOf = (svg: string, role: string): string[] =>
  Array.from(new DOMParser().parseFromString(svg, 'image/svg+xml').getElementsByTagName('path'))
    .filter((path) => path.getAttribute('aria-roledescription') === role)
    .map((path) => path.getAttribute('aria-label') ?? '');

const students = (kind: object, ...results: object[]): Trained => ({ kind, results }) as unknown as Trained;

it('draws the mean validation error after each epoch, hints before', async () => {
  const run = (seed: number, ...validationErrors: number[]) => ({
    ...{ seed, validationErrors, hintEpochs: 2 },
    digits: { validation: 200 },
  });
  const kind = { group: 'all', arm: 'hints & "KD"' };
  const svg = await epochsChart('<Title>', [students(kind, run(1, 20, 0), run(2, 40, 10))]);
  // Vega describes a line by its first point: the mean of 10 % and 20 % after the first epoch, the third.
  expect(labelsOf(svg, 'line mark')).toEqual(['epoch: 3; validation error in %: 15; line: hints & "KD"']);
  expect(await epochsChart('<Title>', [students(kind, run(1, 20, 0), run(2, 40, 10))])).toBe(svg);
});

it('draws the errors of each student, and what has no position as dashes', async () => {
  const result = (errors: number) => ({
    wrong: asBits(Array.from({ length: errors }, (_, row) => row), 200), // prettier-ignore
    size: 200,
  });
  const place = { panel: 'all', line: 'hints' };
  const svg = await errorsChart('share')('Title', [
    students({ place: { ...place, x: 0.5 } }, result(20), result(0)),
    students({ place: { ...place, line: 'backprop' } }, result(40), result(80)),
  ]);
  expect(labelsOf(svg, 'point')).toEqual([
    'share: 0.5; test error in %: 10; line: hints',
    'share: 0.5; test error in %: 0.25; line: hints',
  ]);
  expect(svg).toContain('test error in %: 30; line: backprop');
});
