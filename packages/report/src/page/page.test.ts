import { DOMParser } from '@xmldom/xmldom';
import type { Document, Element } from '@xmldom/xmldom';
import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { end, epoch, start, step } from '../../test/events.js';
import { runOf } from '../run-of.js';
import { page } from './node.js';

/** Throws if tags do not match. */
function parsed(html: string): Document {
  const stop = (level: string, message: string): never => {
    throw new Error(`${level}: ${message}`);
  };
  return new DOMParser({ onError: stop }).parseFromString(html, 'text/html');
}
const elements = (root: Document | Element, tag: string): Element[] =>
  Array.from(root.getElementsByTagName(tag));
const textsOf = (root: Document | Element, tag: string): string[] =>
  elements(root, tag).map(({ textContent }) => (textContent ?? '').trim());

const first = runOf([
  ...[start(), step(0), step(1), epoch(0), step(2), step(3), epoch(1), end({ bestEpoch: 0 })],
  ...[start({ stage: 1, name: '<distil> & "go"' }), step(0, { stage: 1, losses: { soft: NaN } })],
]);
const losses = { hint: 4 };
const other = runOf([
  start(),
  epoch(0, { losses }),
  epoch(1, { losses, total: 20 }),
  epoch(2, { losses, total: NaN }),
]);
const runs = { '<a> & "b"': first, other };
const html = await page(runs, { title: 'Digits & <more>' });
const document = parsed(html);
const charts = elements(document, 'svg').filter((svg) => svg.getAttribute('role') === 'img');
const chart = (title: string): Element => {
  const found = charts.find((svg) => svg.getAttribute('aria-label')?.startsWith(`${title}:`));
  if (found === undefined) throw new Error(`no chart ${title}`);
  return found;
};
/** The lines of a chart: colour, dashes, and heights from the first epoch to the last, growing downwards. */
const linesOf = (svg: Element): { colour: string; dashes: string; heights: number[] }[] =>
  elements(svg, 'path')
    .filter((path) => path.getAttribute('stroke-width') === '2' && path.getAttribute('d')?.includes('L'))
    .filter((path) => path.getAttribute('stroke')?.startsWith('var(') && path.getAttribute('fill') === null)
    .map((path) => ({
      colour: path.getAttribute('stroke') ?? '',
      dashes: path.getAttribute('stroke-dasharray') ?? '',
      heights: (path.getAttribute('d') ?? '')
        .slice(1)
        .split('L')
        .map((point) => Number(point.split(',')[1])),
    }));

describe('page', () => {
  it('has the title, and a heading for the results and each stage', () => {
    expect(textsOf(document, 'title')).toEqual(['Digits & <more>']);
    expect(textsOf(document, 'h1')).toEqual(['Digits & <more>']);
    expect(textsOf(document, 'h2')).toEqual(['Results', 'Stage hints', 'Stage <distil> & "go"']);
  });

  it('has a row of numbers for each stage, of the epoch whose weights were kept', () => {
    const rows = elements(document, 'tr').map((row) => [...textsOf(row, 'th'), ...textsOf(row, 'td')]);
    expect(rows).toEqual([
      [
        ...[
          'run',
          'stage',
          'end',
          'epochs',
          'steps',
          'time',
          'epoch',
          'total',
          'loss of soft',
          'loss of hard',
        ],
        ...['loss of hint', 'validation loss', 'validation accuracy'],
      ],
      [
        ...['<a> & "b"', 'hints', 'finished', '2 of 2', '4', '0:04', '1', '9.500', '7.500', '2.000', ''],
        ...['3.000', '0.2500'],
      ],
      ['<a> & "b"', '<distil> & "go"', 'not ended', '0 of 2', '1', '0:01', '', '', '', '', '', '', ''],
      ['other', 'hints', 'not ended', '3 of 2', '6', '0:06', '3', 'NaN', '', '', '4.000', '1.000', '0.7500'],
    ]);
  });

  it('has a chart with a text for each measurement of a stage', () => {
    expect(charts.map((svg) => svg.getAttribute('aria-label'))).toEqual([
      'Total: <a> & "b" from 9.500 in epoch 1 to 7.500 in epoch 2; other from 9.500 in epoch 1 to 20.00 in epoch 2.',
      'Loss of soft: <a> & "b" from 7.500 in epoch 1 to 5.500 in epoch 2.',
      'Loss of hard: <a> & "b" from 2.000 in epoch 1 to 2.000 in epoch 2.',
      'Loss of hint: other from 4.000 in epoch 1 to 4.000 in epoch 3.',
      'Validation: loss: <a> & "b" from 3.000 in epoch 1 to 2.000 in epoch 2; other from 3.000 in epoch 1 to 1.000 in epoch 3.',
      'Validation: accuracy: <a> & "b" from 0.2500 in epoch 1 to 0.5000 in epoch 2; other from 0.2500 in epoch 1 to 0.7500 in epoch 3.',
      'Gradient norm: <a> & "b" from 1.500 in epoch 1 to 3.500 in epoch 2.',
    ]);
    expect(textsOf(document, 'figcaption')).toHaveLength(charts.length);
  });

  it('draws each run with its own colour and dashes, at its heights', () => {
    const [a, b] = linesOf(chart('Total'));
    expect([a?.colour, b?.colour]).toEqual(['var(--run-1)', 'var(--run-2)']);
    expect(a?.dashes).not.toBe(b?.dashes);
    // The axis goes from 6 to 20 or beyond: 9.5 and 7.5 are below, 20 is far above.
    expect(a?.heights[0]).toBe(b?.heights[0]);
    expect(a?.heights[1]).toBeGreaterThan(a?.heights[0] ?? NaN);
    expect(
      ((b?.heights[0] ?? NaN) - (b?.heights[1] ?? NaN)) / ((a?.heights[1] ?? NaN) - (a?.heights[0] ?? NaN)),
    ).toBeCloseTo(10.5 / 2, 2);
    expect(textsOf(chart('Total'), 'text')).toContain('epoch');
    const [legend] = elements(document, 'ul');
    expect(textsOf(legend as Element, 'li')).toEqual(Object.keys(runs));
    expect(linesOf(chart('Loss of hint')).map(({ colour }) => colour)).toEqual(['var(--run-2)']);
  });

  it('needs no script and no network, and is light or dark as its reader chooses', () => {
    for (const tag of ['script', 'link', 'iframe', 'image']) expect(elements(document, tag)).toEqual([]);
    expect(html.replaceAll(/xmlns(:xlink)?="[^"]*"/g, '')).not.toMatch(
      /https?:|url\(|@import|\bsrc=(?!"data:)|\bhref=(?!"#)/,
    );
    expect(html).toContain('@media (prefers-color-scheme: dark)');
    for (const colour of html.matchAll(/(?:fill|stroke)="([^"]*)"/g))
      expect(colour[1]).toMatch(/^(none|transparent|currentColor|var\(--(run-\d|right|wrong)\))$/);
  });

  it('is the same text each time', async () => {
    expect(await page(runs, { title: 'Digits & <more>' })).toBe(html);
    // Vega would number its own by process.
    expect(html.match(/\bid="[^"]*"/g)).toEqual(['id="content"']);
  });

  it('refuses what is no run', async () => {
    const title = 'a';
    await expectKdError(() => page({}, { title }), 'KD_BATCH_EMPTY', 'runs');
    await expectKdError(() => page({ a: 3 } as never, { title }), 'KD_OPTION_TYPE', 'runs["a"]');
    await expectKdError(() => page(runs, { title: '' }), 'KD_OPTION_TYPE', 'options.title');
  });
});
