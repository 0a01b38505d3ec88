import { check, like } from '@kd/core';
import type { Check } from '@kd/core';

const words: readonly unknown[] = ['NaN', 'Infinity', '-Infinity'];

/** One line of JSON. NaN and the infinities, which JSON lacks, become the words that protobuf writes too. */
export function lineOf(value: unknown): string {
  const replaced = (_: string, part: unknown): unknown =>
    typeof part === 'number' && !Number.isFinite(part) ? String(part) : part;
  return `${JSON.stringify(value, replaced)}\n`;
}

const plainNumber = like('a number', (value) => typeof value === 'number');

/** A number as `lineOf` writes it. The words stay words where a text is expected, such as a stage's name. */
export const number: Check<number> = check(plainNumber.expected, (at, value) =>
  plainNumber.read(at, words.includes(value) ? Number(value) : value),
);
