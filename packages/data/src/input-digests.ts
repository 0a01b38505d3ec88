import { slice } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor, describeShape, KdError, list, optionsOf, record, unchecked, whole } from '@kd/core';
import type { Named } from '@kd/core';
import { checkColumn } from './column.js';

const where = 'inputDigests';

/** Options of `inputDigests`. */
export interface InputDigestsOptions {
  /**
   * For padded sequences, one whole number >= 0 per row: only so many entries of axis 1 count, or all if
   * there are fewer; default: all.
   */
  readonly lengths?: readonly number[];
}

const inputDigestsOptions = optionsOf<InputDigestsOptions>()({ lengths: list(whole(0)).optional() });

/**
 * A 32-bit number for each of the first `rows` examples of some inputs. It changes with any value of the
 * example.
 *
 * MurmurHash3 (Appleby 2011) over the float32 values of the example, inputs in the order of their names. The
 * names themselves do not count, because a model with one input takes it under any name. Whole numbers count
 * as the floats that a model turns them into; -0 and 0 differ.
 *
 * @param inputs tensors `[B, ...]` by name; they are read with `data()`
 * @param rows how many of the B examples
 * @param options how much of each row counts
 * @returns int32 of length `rows`; 0 where there are no inputs
 * @throws rejects with `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`, `KD_TENSOR_TYPE`,
 *   `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, and `KD_DATA_LENGTH` for more rows than the inputs have, or another
 *   number of lengths
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { inputDigests } from '@kd/data';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const [a, b, c] = await inputDigests({ x: tensor2d([[1, 2], [2, 1], [1, 2]]) }, 3);
 * console.log(a === b, a === c);
 * // false true
 * ```
 */
export async function inputDigests(
  inputs: Named,
  rows: number,
  options: InputDigestsOptions = {},
): Promise<Int32Array> {
  whole(0).read({ where, argument: 'rows' }, rows);
  const { lengths } = inputDigestsOptions.read(where, options);
  if (lengths !== undefined) checkLengths(lengths, rows);
  const given = Object.entries(
    record(unchecked<Tensor>('a tensor')).read({ where, argument: 'inputs' }, inputs),
  );
  for (const [name, input] of given) checkInput(name, input, rows);
  const digests = new Int32Array(rows);
  for (const [, input] of given.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const words = await wordsOf(input, rows);
    const width = words.length / rows;
    for (let row = 0; row < rows; row++) {
      const start = row * width;
      const end = start + countedWords(width, input.shape[1], lengths?.[row]);
      digests[row] = murmur(words, start, end, digests[row] as number);
    }
  }
  return digests;
}

function checkLengths(lengths: readonly number[], rows: number): void {
  if (lengths.length === rows) return;
  throw new KdError({
    code: 'KD_DATA_LENGTH',
    where,
    argument: 'options.lengths',
    expected: `of length ${String(rows)}, like rows`,
    received: String(lengths.length),
    remedy: 'Pass one length for each row.',
  });
}

function checkInput(name: string, input: unknown, rows: number): void {
  const argument = `inputs[${JSON.stringify(name)}]`;
  const { shape } = checkColumn(where, argument, input, 'as given');
  checkTensor(where, argument, input);
  if ((shape[0] ?? 0) >= rows) return;
  throw new KdError({
    code: 'KD_DATA_LENGTH',
    where,
    argument,
    expected: `a tensor of at least ${String(rows)} rows`,
    received: describeShape(shape),
    remedy: 'Pass the number of rows that the inputs have.',
  });
}

async function wordsOf(input: Tensor, rows: number): Promise<Int32Array> {
  const isPart = rows < input.shape[0];
  const first = isPart ? slice(input, 0, rows) : input;
  const values = await first.data();
  if (isPart) first.dispose();
  const floats = values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>);
  return new Int32Array(floats.buffer, floats.byteOffset, floats.length);
}

/** A row of `entries` entries has `width` words; a row without an axis 1 counts whole. */
function countedWords(width: number, entries = 0, length = entries): number {
  return length < entries ? (width / entries) * length : width;
}

function murmur(words: Int32Array, start: number, end: number, seed: number): number {
  let hash = seed;
  for (let index = start; index < end; index++) {
    let word = Math.imul(words[index] as number, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= 4 * (end - start);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
