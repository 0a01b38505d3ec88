import { onlyOutput } from '@kd/core';
import type { Named } from '@kd/core';
import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { lowest } from './log-of-rest.js';
import type { Top } from './top-of-entries.js';

/** The answer for one example. */
export interface CompletionRow {
  /** `[n, k]` */
  readonly classes: Int32Array;
  /** `[n, k]` */
  readonly logProbabilities: Float32Array;
  /** `[n]` */
  readonly logRemaining: Float32Array;
}

/** The names of the outputs for the student's output of a name. */
export function topNames(output: string = onlyOutput): Readonly<Record<keyof CompletionRow, string>> {
  return {
    classes: `${output}/top`,
    logProbabilities: `${output}/log-probabilities`,
    logRemaining: `${output}/log-remaining`,
  };
}

/** The positions of an example in few pieces of memory, because an answer is kept. */
export function rowOf(tops: readonly Top[]): CompletionRow {
  return {
    classes: Int32Array.from(tops.flatMap(({ classes }) => classes)),
    logProbabilities: Float32Array.from(tops.flatMap(({ logProbabilities }) => logProbabilities)),
    logRemaining: Float32Array.from(tops, ({ logRemaining }) => logRemaining),
  };
}

/**
 * The wanted outputs of a batch. Positions that do not count say that all probability is with the other
 * classes.
 */
export function tensorsOfRows(
  rows: readonly CompletionRow[],
  length: number,
  k: number,
  names: ReturnType<typeof topNames>,
  wanted: readonly string[],
): Named {
  const size = rows.length;
  const joined = <Values extends Int32Array | Float32Array>(
    values: Values,
    part: keyof CompletionRow,
  ): Values => {
    const width = values.length / size;
    rows.forEach((row, index) => {
      values.set(row[part], index * width);
    });
    return values;
  };
  const makers: Readonly<Record<keyof CompletionRow, () => Tensor>> = {
    classes: () => {
      const unknown = Int32Array.from({ length: size * length * k }, (_, place) => place % k);
      return tensor(joined(unknown, 'classes'), [size, length, k], 'int32');
    },
    logProbabilities: () => {
      const unknown = new Float32Array(size * length * k).fill(lowest);
      return tensor(joined(unknown, 'logProbabilities'), [size, length, k]);
    },
    logRemaining: () => tensor(joined(new Float32Array(size * length), 'logRemaining'), [size, length]),
  };
  const parts = Object.entries(names) as [keyof CompletionRow, string][];
  return Object.fromEntries(
    parts.filter(([, name]) => wanted.includes(name)).map(([part, name]) => [name, makers[part]()]),
  );
}
