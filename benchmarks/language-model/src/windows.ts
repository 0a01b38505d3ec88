import type { InMemoryData } from '@kd/data';
import { charactersOf, loadChapters, splitChapters, windowsOf } from '@kd-datasets/moby-dick';
import type { Chapter, Characters } from '@kd-datasets/moby-dick';
import type { Text } from './job.js';

/** The text as windows of characters. */
export interface Windows {
  readonly characters: Characters;
  readonly learning: InMemoryData;
  readonly validation: InMemoryData;
  readonly test: InMemoryData;
}

/** Cuts the first chapters into windows. Held-out chapters are whole. */
export function windowsFor({ chapters: count, length }: Text): Windows {
  const chapters = loadChapters().slice(0, count);
  const characters = charactersOf(chapters.map(({ text }) => text));
  const { learning, validation, test } = splitChapters(chapters);
  const cut = (of: readonly Chapter[]): InMemoryData => windowsOf(of, characters.encode, length);
  return { characters, learning: cut(learning), validation: cut(validation), test: cut(test) };
}
