import { slice } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Named } from '@kd/core';

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
 * @returns int32 of length `rows`; 0 where there are no inputs
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
export async function inputDigests(inputs: Named, rows: number): Promise<Int32Array> {
  const digests = new Int32Array(rows);
  for (const name of Object.keys(inputs).sort()) {
    const words = await wordsOf(inputs[name] as Tensor, rows);
    const width = words.length / rows;
    for (let row = 0; row < rows; row++) {
      digests[row] = murmur(words, row * width, (row + 1) * width, digests[row] as number);
    }
  }
  return digests;
}

async function wordsOf(input: Tensor, rows: number): Promise<Int32Array> {
  const isPart = rows < input.shape[0];
  const first = isPart ? slice(input, 0, rows) : input;
  const values = await first.data();
  if (isPart) first.dispose();
  const floats = values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>);
  return new Int32Array(floats.buffer, floats.byteOffset, floats.length);
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
