import { DOMParser } from '@xmldom/xmldom';
import type { Document, Element } from '@xmldom/xmldom';
import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { learningCurves } from './curves.js';
import { depthChart } from './depth-chart.js';

/** Throws if the text is not XML. */
function parsed(svg: string): Document {
  const stop = (level: string, message: string): never => {
    throw new Error(`${level}: ${message}`);
  };
  return new DOMParser({ onError: stop }).parseFromString(svg, 'image/svg+xml');
}

const elements = (root: Document, tag: string): Element[] => Array.from(root.getElementsByTagName(tag));
const texts = (svg: string): string[] => elements(parsed(svg), 'text').map((text) => text.textContent ?? '');
const attributes = (svg: string, tag: string, name: string): string[] =>
  elements(parsed(svg), tag).map((element) => element.getAttribute(name) ?? '');

/** The ends of the lines of a chart of 640 x 400, each as [x, y] in pixels. */
function lineEnds(svg: string): { first: number[]; last: number[] }[] {
  return elements(parsed(svg), 'path')
    .filter((path) => path.getAttribute('aria-roledescription') === 'line mark')
    .map((path) => {
      const points = (path.getAttribute('d') ?? '').slice(1).split('L');
      const [first = [], last = []] = [points.at(0), points.at(-1)].map((point = '') =>
        point.split(',').map(Number),
      );
      return { first, last };
    });
}

/** Height in pixels of an error on an axis from 1 to 100. */
const heightOf = (error: number): number => 400 * (1 - Math.log10(error) / 2);

const curves = [
  { name: 'backprop', runs: [[80, 20, 8], [90, 30, 10, 12]] }, // prettier-ignore
  { name: 'hints & "KD" <two stages>', runs: [[50, 10, 2]] },
];

describe('learningCurves', () => {
  it('is an SVG with a title, axes and the name of each curve', async () => {
    const svg = await learningCurves(curves, { title: 'Six thin layers' });
    expect(parsed(svg).documentElement?.tagName).toBe('svg');
    for (const text of [
      'Six thin layers',
      'epoch',
      'validation error in %',
      ...curves.map(({ name }) => name),
    ]) {
      expect(texts(svg)).toContain(text);
    }
  });

  it('scales from the round number below all errors to the one above', async () => {
    const svg = await learningCurves(curves, { title: '' });
    const numbers = texts(svg).filter((text) => /^[\d.]+$/.test(text));
    const [epochs, errors] = [['1', '2', '3', '4'], ['2', '5', '10', '20', '50', '100']]; // prettier-ignore
    expect(numbers).toEqual([...epochs, ...errors]);
    expect(attributes(svg, 'g', 'aria-label')).toContain(
      "Y-axis titled 'validation error in %' for a log scale with values from 2 to 100",
    );
  });

  it('draws the mean of the seeds from the first epoch to the last, at its height', async () => {
    const low = { name: 'low', runs: [[100, 1]] };
    const [alone, other] = lineEnds(await learningCurves([...curves, low], { title: '' }));
    expect(alone?.first).toEqual([0, expect.closeTo(heightOf(85), 3)]);
    // Only the second run has a fourth epoch.
    expect(alone?.last).toEqual([640, expect.closeTo(heightOf(12), 3)]);
    expect(other?.first).toEqual([0, expect.closeTo(heightOf(50), 3)]);
    expect(other?.last).toEqual([expect.closeTo((640 * 2) / 3, 3), expect.closeTo(heightOf(2), 3)]);
  });

  it('marks the lowest mean of each curve', async () => {
    const labels = attributes(await learningCurves(curves, { title: '' }), 'path', 'aria-label');
    expect(labels).toContain('epoch: 3; validation error in %: 9; name: backprop');
    expect(labels).toContain('epoch: 3; validation error in %: 2; name: hints & "KD" <two stages>');
  });

  it('draws a zero error at the lower edge', async () => {
    const [line] = lineEnds(await learningCurves([{ name: 'perfect', runs: [[1, 0]] }], { title: '' }));
    expect(line?.last).toEqual([640, 400]);
  });

  it('is the same file each time', async () => {
    const draw = (): Promise<string> => learningCurves(curves, { title: 'again' });
    expect(await draw()).toBe(await draw());
  });

  it('refuses curves without an epoch', async () => {
    await expectKdError(() => learningCurves([], { title: '' }), 'KD_BATCH_EMPTY', 'curves');
    const empty = [{ name: 'none', runs: [[]] }];
    await expectKdError(() => learningCurves(empty, { title: '' }), 'KD_BATCH_EMPTY', 'curve "none"');
  });
});

const depths = [
  { name: 'backprop', depths: [{ depth: 3, errors: [2, 4] }, { depth: 7, errors: [90] }] }, // prettier-ignore
  { name: 'hints', depths: [{ depth: 13, errors: [1] }, { depth: 3, errors: [5] }] }, // prettier-ignore
];

describe('depthChart', () => {
  it('is an SVG with the name of each way of training, and a tick for each depth', async () => {
    const svg = await depthChart(depths, { title: 'Error by depth' });
    const labels = texts(svg);
    expect(labels).toEqual(
      expect.arrayContaining(['Error by depth', 'backprop', 'hints', 'test error in %']),
    );
    expect(labels.filter((label) => ['3', '7', '13'].includes(label))).toEqual(['3', '7', '13']);
  });

  it('draws each line from its shallowest net to its deepest', async () => {
    const [backprop, hints] = lineEnds(await depthChart(depths, { title: '' }));
    expect(backprop?.first).toEqual([0, expect.closeTo(heightOf(3), 3)]);
    expect(backprop?.last).toEqual([expect.closeTo(256, 3), expect.closeTo(heightOf(90), 3)]);
    expect(hints?.first).toEqual([0, expect.closeTo(heightOf(5), 3)]);
    expect(hints?.last).toEqual([640, 400]);
  });

  it('has a dot at each depth and a bar from the lowest error of the seeds to the highest', async () => {
    const svg = await depthChart(depths, { title: '' });
    const labels = attributes(svg, 'path', 'aria-label');
    expect(labels).toContain('convolutional layers: 3; test error in %: 3; name: backprop');
    const bars = elements(parsed(svg), 'line').filter((line) => line.getAttribute('stroke') === '#0072B2');
    expect(bars.map((bar) => Number(bar.getAttribute('y2')))).toEqual([
      expect.closeTo(heightOf(4) - heightOf(2), 3),
      0,
    ]);
    expect(bars[0]?.getAttribute('transform')).toBe(`translate(0,${String(heightOf(2))})`);
  });

  it('is the same file each time', async () => {
    expect(await depthChart(depths, { title: '' })).toBe(await depthChart(depths, { title: '' }));
  });

  it('refuses depths without an error', async () => {
    await expectKdError(() => depthChart([], { title: '' }), 'KD_BATCH_EMPTY', 'lines');
    const empty = [{ name: 'none', depths: [{ depth: 3, errors: [] }] }];
    await expectKdError(() => depthChart(empty, { title: '' }), 'KD_BATCH_EMPTY');
  });
});
