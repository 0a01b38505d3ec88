import { expect, it } from 'vitest';
import { marksOf } from './marks.js';

it('gives 36 names marks that differ without colour among those of one colour', () => {
  const names = Array.from({ length: 36 }, (_, index) => `run ${String(index)}`);
  const marks = [...marksOf(names).values()];
  const texts = marks.map((mark) => JSON.stringify(mark));
  expect(new Set(texts).size).toBe(36);
  for (const part of ['dash', 'shape'] as const) {
    const seen = marks.map((mark) => `${mark.colour} ${String(mark[part])}`);
    expect(new Set(seen).size, part).toBe(36);
  }
});
