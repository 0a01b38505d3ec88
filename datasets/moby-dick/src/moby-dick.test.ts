import { expectKdError } from '@kd/testing';
import { expect, it } from 'vitest';
import { charactersOf, loadChapters, splitChapters, windowsOf } from './index.js';

it('reads all chapters in their order', () => {
  const chapters = loadChapters();
  expect(chapters.map(({ number }) => number)).toEqual(Array.from({ length: 135 }, (_, index) => index + 1));
  expect(chapters[0]?.title).toBe('Loomings.');
  expect(chapters[0]?.text.slice(0, 17)).toBe('Call me Ishmael. ');
  const { learning, validation, test } = splitChapters(chapters);
  expect([learning.length, validation.length, test.length]).toEqual([108, 14, 13]);
  expect(new Set([...learning, ...validation, ...test])).toEqual(new Set(chapters));
});

it('encodes characters', async () => {
  const characters = charactersOf(['whale', 'we']);
  expect(characters.size).toBe(5);
  expect([...characters.encode('hew')]).toEqual([2, 1, 4]);
  expect(characters.decode(characters.encode('hew'))).toBe('hew');
  await expectKdError(() => characters.encode('Whale'), 'KD_LABEL_RANGE', '"W"');
});

it('cuts windows whose labels are the next tokens', () => {
  const encode = (text: string): Int32Array => Int32Array.from(Array.from(text, Number));
  const chapters = ['012345678', '1', '9876'].map((text, at) => ({ number: at + 1, title: '', text }));
  expect(windowsOf(chapters, encode, 3)).toEqual({
    inputs: { values: Int32Array.of(0, 1, 2, 3, 4, 5, 9, 8, 7), shape: [3, 3] },
    labels: { values: Int32Array.of(1, 2, 3, 4, 5, 6, 8, 7, 6), shape: [3, 3] },
    ids: ['chapter 1, window 0', 'chapter 1, window 1', 'chapter 3, window 0'],
  });
});
