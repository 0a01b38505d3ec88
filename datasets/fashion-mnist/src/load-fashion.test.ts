import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expectKdError } from '@kd/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadFashion } from './index.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fashion-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Two pictures, of which the second is all 255, with the labels 3 and 9. */
function files(): { images: Buffer; labels: Buffer } {
  const images = Buffer.alloc(16 + 2 * 784);
  images.writeUInt32BE(2, 4);
  images.fill(255, 16 + 784);
  return { images, labels: Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 3, 9]) };
}

it('reads packed and unpacked files', async () => {
  const { images, labels } = files();
  await writeFile(join(folder, 't10k-images-idx3-ubyte.gz'), gzipSync(images));
  await writeFile(join(folder, 't10k-labels-idx1-ubyte'), labels);
  const read = await loadFashion('t10k', folder);
  expect([read.size, [...read.labels], read.ids[1]]).toEqual([2, [3, 9], 't10k-1']);
  expect([read.images[783], read.images[784], read.images.length]).toEqual([0, 1, 2 * 784]);
});

it('refuses a folder without the files, and files that are cut short', async () => {
  await expectKdError(() => loadFashion('train', folder), 'KD_FILE_READ', 'dataset-fashion-mnist');
  const { images, labels } = files();
  await writeFile(join(folder, 'train-images-idx3-ubyte'), images.subarray(0, -1));
  await writeFile(join(folder, 'train-labels-idx1-ubyte'), labels);
  await expectKdError(() => loadFashion('train', folder), 'KD_FILE_READ', '1583 and 10 bytes');
});
