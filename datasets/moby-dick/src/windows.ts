import type { InMemoryData } from '@kd/data';
import type { Chapter } from './chapters.js';

/**
 * Cuts chapters into windows for a model that predicts the next token at each position.
 *
 * A window is `length` tokens; its labels are the tokens after each of them. Windows of a chapter do not
 * overlap, and what is left at its end is dropped.
 *
 * @param length L
 * @returns inputs and labels int32 `[N, L]`, with ids such as `chapter 3, window 0`
 */
export function windowsOf(
  chapters: readonly Chapter[],
  encode: (text: string) => Int32Array,
  length: number,
): InMemoryData {
  const windows = chapters.flatMap(({ number, text }) => {
    const tokens = encode(text);
    const count = Math.max(0, Math.floor((tokens.length - 1) / length));
    return Array.from({ length: count }, (_, index) => ({
      id: `chapter ${String(number)}, window ${String(index)}`,
      inputs: tokens.subarray(index * length, (index + 1) * length),
      labels: tokens.subarray(index * length + 1, (index + 1) * length + 1),
    }));
  });
  const shape = [windows.length, length];
  const joined = (of: 'inputs' | 'labels'): Int32Array => {
    const values = new Int32Array(windows.length * length);
    windows.forEach((window, row) => {
      values.set(window[of], row * length);
    });
    return values;
  };
  return {
    inputs: { values: joined('inputs'), shape },
    labels: { values: joined('labels'), shape },
    ids: windows.map(({ id }) => id),
  };
}
