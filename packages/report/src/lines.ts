import { createReadStream } from 'node:fs';

/** A line of a file, without its line feed. */
export interface Line {
  readonly text: string;
  /** Whether it ends in a line feed; only the last line of a file may lack it. */
  readonly isComplete: boolean;
}

/**
 * The lines of a file, which may be longer than a string. `readline` would also split at U+2028, which JSON
 * allows in a text.
 */
export async function* linesOf(file: string): AsyncGenerator<Line> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const text of parts) yield { text, isComplete: true };
  }
  if (rest !== '') yield { text: rest, isComplete: false };
}
