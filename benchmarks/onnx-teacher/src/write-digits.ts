import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pixels } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import { npyOf } from './npy.js';

/**
 * Writes digits as two files for NumPy: images with one byte per pixel, `[size, 784]`, and labels, `[size]`.
 */
export async function writeDigits(
  folder: string,
  name: string,
  { size, images, labels }: Digits,
): Promise<void> {
  // They were bytes before they were divided by 255, so nothing is lost.
  const bytes = Uint8Array.from(images, (value) => Math.round(value * 255));
  await writeFile(join(folder, `${name}-images.npy`), npyOf(bytes, [size, pixels]));
  await writeFile(join(folder, `${name}-labels.npy`), npyOf(Uint8Array.from(labels), [size]));
}
