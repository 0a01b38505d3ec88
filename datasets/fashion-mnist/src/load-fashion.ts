import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { KdError } from '@kd/core';
import { digitsOfIdx, pixels } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';

/** Where the Debian package `dataset-fashion-mnist` puts its files. */
export const debianFolder = '/usr/share/datasets/fashion-mnist';

const header = { images: 16, labels: 8 } as const;

/**
 * Reads Fashion-MNIST's 60,000 training or 10,000 test pictures.
 *
 * @param which the first part of the files' names
 * @param folder a folder with IDX files, packed by gzip or not
 * @throws `KD_FILE_READ` for a missing file, and for one that is not as long as its header says
 */
export async function loadFashion(which: 'train' | 't10k', folder: string = debianFolder): Promise<Digits> {
  const [images, labels] = await Promise.all([
    unpacked(join(folder, `${which}-images-idx3-ubyte`)),
    unpacked(join(folder, `${which}-labels-idx1-ubyte`)),
  ]);
  const size = images.length < header.images ? NaN : images.readUInt32BE(4);
  const isWhole = images.length === header.images + size * pixels && labels.length === header.labels + size;
  if (!isWhole)
    throw unreadable(
      folder,
      `${which}-images-idx3-ubyte and ${which}-labels-idx1-ubyte as whole IDX files of 28x28 images`,
      `${String(images.length)} and ${String(labels.length)} bytes`,
    );
  return digitsOfIdx(images, labels, which);
}

async function unpacked(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch {
    try {
      return gunzipSync(await readFile(`${file}.gz`));
    } catch (cause) {
      throw unreadable(`${file}.gz`, 'a file of Fashion-MNIST', (cause as Error).message, cause);
    }
  }
}

function unreadable(argument: string, expected: string, received: string, cause?: unknown): KdError {
  return new KdError({
    code: 'KD_FILE_READ',
    where: 'loadFashion',
    argument: JSON.stringify(argument),
    expected,
    received,
    remedy: 'Install the Debian package dataset-fashion-mnist, or name a folder with its four files.',
    cause,
  });
}
