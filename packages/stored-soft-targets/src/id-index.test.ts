import fc from 'fast-check';
import { expect, it } from 'vitest';
import { idIndex } from './id-index.js';

it('numbers ids like a Map, whatever they are, even repeated ones', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 })), (ids) => {
      const index = idIndex();
      const map = new Map<string, number>();
      for (const id of ids) {
        expect(index.find(id)).toBe(map.get(id) ?? -1);
        expect(index.add(id)).toBe(map.has(id) ? -1 : map.size);
        if (!map.has(id)) map.set(id, map.size);
        expect(index.find(id)).toBe(map.get(id));
        expect(index.size()).toBe(map.size);
      }
      for (const [id, number] of map) expect(index.find(id)).toBe(number);
    }),
  );
});

it('grows', () => {
  const index = idIndex();
  const ids = Array.from({ length: 20_000 }, (_, row) => `directory/image-${String(row)}.png`);
  for (const [row, id] of ids.entries()) expect(index.add(id)).toBe(row);
  for (const [row, id] of ids.entries()) expect(index.find(id)).toBe(row);
  expect(index.add('directory/image-77.png')).toBe(-1);
  expect(index.find('directory/image-.png')).toBe(-1);
});

it('distinguishes ids that are prefixes of each other or that could run into the next one', () => {
  const index = idIndex();
  for (const id of ['ab', 'c', 'a', 'bc', 'abc']) expect(index.add(id)).not.toBe(-1);
  expect(index.find('b')).toBe(-1);
});
