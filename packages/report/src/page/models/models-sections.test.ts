import { DOMParser } from '@xmldom/xmldom';
import type { Element } from '@xmldom/xmldom';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { twoModels } from '../../../test/models.js';
import { page } from '../node.js';

const render = async (models = twoModels()) => {
  const html = await page({}, { title: 'Pets', models });
  const stop = (level: string, message: string): never => {
    throw new Error(`${level}: ${message}`);
  };
  const document = new DOMParser({ onError: stop }).parseFromString(html, 'text/html');
  return document.getElementsByTagName('body')[0] as Element;
};
const body = await render();
const elements = (root: Element, tag: string): Element[] => Array.from(root.getElementsByTagName(tag));
const textsOf = (root: Element, tag: string): string[] =>
  elements(root, tag).map(({ textContent }) => textContent ?? '');
const rowsOf = (root: Element, label: string): string[][] => {
  const region = elements(root, 'div').find((div) => div.getAttribute('aria-label') === label);
  if (region === undefined) throw new Error(`no region ${label}`);
  return elements(region, 'tr').map((row) => [...textsOf(row, 'th'), ...textsOf(row, 'td')]);
};
const drawing = (root: Element, begin: string): Element => {
  const found = elements(root, 'svg').find((svg) => svg.getAttribute('aria-label')?.startsWith(begin));
  if (found === undefined) throw new Error(`no drawing ${begin}`);
  return found;
};

describe('the sections on models', () => {
  it('compare errors, calibration and costs', () => {
    expect(textsOf(body, 'h2')).toEqual(['Models', 'Soft answers', 'Confusions', 'Calibration']);
    expect(rowsOf(body, 'Models')).toEqual([
      ['model', 'errors', 'errors in %', 'ECE', 'parameters', 'bytes', 'ms per example'],
      ['teacher', '0', '0.00', '0.2500', '4,000', '16,000', '0.500'],
      ['<student>', '2', '50.00', '0.3750', '1,000', '', ''],
    ]);
    expect(drawing(body, 'Errors against bytes').getAttribute('aria-label')).toBe(
      'Errors against bytes: teacher 0.00 % at 16000.',
    );
  });

  it('have a dot for each model, by parameters where no model has bytes', async () => {
    const { answers } = twoModels();
    const { probabilities, parameters } = answers['teacher'] ?? {};
    const teacher = { ...(probabilities && { probabilities }), ...(parameters && { parameters }) };
    const without = await render(twoModels({ answers: { ...answers, teacher } }));
    const svg = drawing(
      without,
      'Errors against parameters: teacher 0.00 % at 4000; <student> 50.00 % at 1000.',
    );
    const dots = elements(svg, 'path').filter((path) => path.getAttribute('fill')?.startsWith('var(--run-'));
    expect(dots.map((dot) => dot.getAttribute('fill'))).toEqual(['var(--run-1)', 'var(--run-2)']);
    const [a, b] = dots.map((dot) =>
      (dot.getAttribute('transform') ?? '').slice('translate('.length, -1).split(',').map(Number),
    );
    // 4000 is to the right of 1000, and 0 % below 50 %.
    expect(a?.[0]).toBeGreaterThan(b?.[0] ?? NaN);
    expect(a?.[1]).toBeGreaterThan(b?.[1] ?? NaN);
  });

  it('have the counts of the confusion matrix in the table and in the drawing', () => {
    expect(rowsOf(body, 'Confusion matrix of <student>, as a table')).toEqual([
      ['label', 'cat', 'dog'],
      ['cat', '1', '1'],
      ['dog', '1', '1'],
    ]);
    const counts = textsOf(drawing(body, 'Confusion matrix of teacher'), 'text').filter((text) =>
      /^\d/.test(text),
    );
    expect(counts).toEqual(['2', '2']);
    expect(drawing(body, 'Confusion matrix of <student>').getAttribute('aria-label')).toBe(
      'Confusion matrix of <student>: 2 wrong answers; most often cat is taken for dog, once.',
    );
  });

  it('have the bins of the reliability diagram', () => {
    expect(rowsOf(body, 'Calibration of <student>, as a table')).toEqual([
      ['confidence', 'examples', 'mean confidence', 'accuracy'],
      ['0.867 to 0.933', '4', '0.8750', '0.5000'],
    ]);
  });

  it('have the pictures and what each model thinks of them at the temperature', () => {
    const [first, second] = elements(body, 'img');
    expect([first, second].map((img) => img?.getAttribute('alt'))).toEqual([
      'dog (test example 2)',
      'cat (test example 0)',
    ]);
    const address = first?.getAttribute('src') ?? '';
    const png = PNG.sync.read(Buffer.from(address.replace('data:image/png;base64,', ''), 'base64'));
    expect([png.width, png.height]).toEqual([3, 1]);
    expect(Array.from(png.data)).toEqual([0, 0, 0, 255, 51, 51, 51, 255, 255, 255, 255, 255]);
    // sqrt 3 / (1 + sqrt 3) and sqrt 7 / (1 + sqrt 7).
    expect(rowsOf(body, 'Probabilities of dog (test example 2), as a table')).toEqual([
      ['class', 'teacher', '<student>'],
      ['cat', '0.3660', '0.2743'],
      ['dog', '0.6340', '0.7257'],
    ]);
    expect(body.textContent).toContain('Two of four.');
  });

  it('have pictures in colour', async () => {
    const images = { values: [1, 0, 0.2], shape: [1, 1, 1, 3] };
    const coloured = await render(twoModels({ pictures: { rows: [0], images, temperature: 1 } }));
    const address = elements(coloured, 'img')[0]?.getAttribute('src') ?? '';
    const png = PNG.sync.read(Buffer.from(address.replace('data:image/png;base64,', ''), 'base64'));
    expect(Array.from(png.data)).toEqual([255, 0, 51, 255]);
  });

  it('list the most frequent confusions of many classes, and the ten likeliest classes', async () => {
    const size = 21;
    const values = Float32Array.from({ length: 3 * size }, (_, index) => (index % size === 20 ? 9 : -index));
    const many = await render({
      labels: [20, 5, 5],
      answers: { one: { logits: { values, shape: [3, size] } } },
      pictures: { rows: [0], images: { values: [0], shape: [1, 1, 1] }, temperature: 1 },
    });
    expect(rowsOf(many, 'Confusions of one')).toEqual([
      ['label', 'answer', 'times'],
      ['5', '20', '2'],
    ]);
    const likely = rowsOf(many, 'Probabilities of 20 (test example 0), as a table').map(([name]) => name);
    expect(likely).toEqual(['class', '20', '0', '1', '2', '3', '4', '5', '6', '7', '8']);
  });
});
