import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectClose, expectKdError } from '@kd/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asData, loadPictures } from './index.js';

const pixels = 32 * 32;
/** A value for each channel and pixel of a record. */
const byteAt = (record: number, channel: number, pixel: number): number =>
  (record * 7 + channel * 85 + pixel) % 256;
const record = (index: number, [coarse, fine]: readonly number[]): number[] => [
  coarse ?? 0,
  fine ?? 0,
  ...Array.from({ length: 3 * pixels }, (_, at) => byteAt(index, Math.floor(at / pixels), at % pixels)),
];
const bytes = (...labels: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from(labels.flatMap((pair, index) => record(index, pair)));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kd-cifar100-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = (file: string, content: Uint8Array): Promise<void> => writeFile(join(folder, file), content);
const remedies = ['binary version', 'https://www.cs.toronto.edu/~kriz/cifar.html'];

describe('loadPictures', () => {
  it('reads fine labels, and pictures with their channels last, normalised', async () => {
    await write('train.bin', bytes([11, 19], [15, 29], [11, 19]));
    const { size, images, labels, ids } = await loadPictures(folder, 'train', { size: 3 });
    expect(size).toBe(3);
    expect(labels).toEqual(Int32Array.of(19, 29, 19));
    expect(ids).toEqual(['train-0', 'train-1', 'train-2']);
    const [means, deviations] = [
      [0.5071, 0.4867, 0.4408],
      [0.2675, 0.2565, 0.2761],
    ];
    const expected = Array.from({ length: 3 * pixels * 3 }, (_, at) => {
      const channel = at % 3;
      const pixel = Math.floor(at / 3) % pixels;
      const value = byteAt(Math.floor(at / 3 / pixels), channel, pixel) / 255;
      return (value - (means[channel] ?? NaN)) / (deviations[channel] ?? NaN);
    });
    expectClose(images, expected, { absolute: 1e-6, relative: 0 });
    expect(asData({ size, images, labels, ids })).toEqual({
      inputs: { values: images, shape: [3, 32, 32, 3] },
      labels,
      ids,
    });
  });

  it('reads each of the two files', async () => {
    await write('train.bin', bytes([0, 1]));
    await write('test.bin', bytes([0, 2]));
    const read = async (which: 'train' | 'test') => loadPictures(folder, which, { size: 1 });
    expect(await read('train')).toMatchObject({ labels: Int32Array.of(1), ids: ['train-0'] });
    expect(await read('test')).toMatchObject({ labels: Int32Array.of(2), ids: ['test-0'] });
  });

  it('says where the files come from if there is none', async () => {
    const file = join(folder, 'elsewhere', 'train.bin');
    const load = () => loadPictures(join(folder, 'elsewhere'), 'train');
    await expectKdError(load, 'KD_FILE_READ', file, 'no such file', ...remedies);
    await mkdir(join(folder, 'odd', 'test.bin'), { recursive: true });
    const odd = () => loadPictures(join(folder, 'odd'), 'test');
    await expectKdError(odd, 'KD_FILE_READ', 'a directory of that name', ...remedies);
  });

  it.each([
    ['in the middle of a record', bytes([0, 1], [0, 2]).slice(0, -1), '6,147 bytes'],
    ['after a record', bytes([0, 1]), '3,074 bytes'],
    ['at its start', new Uint8Array(0), '0 bytes'],
  ])('refuses a file that ends %s', async (_, content, received) => {
    await write('test.bin', content);
    const load = () => loadPictures(folder, 'test', { size: 2 });
    await expectKdError(load, 'KD_FILE_READ', '6,148 bytes, 2 records of 3,074', received, ...remedies);
  });

  it('expects as many pictures as CIFAR-100 has', async () => {
    await write('train.bin', bytes([0, 1]));
    await write('test.bin', bytes([0, 1]));
    await expectKdError(() => loadPictures(folder, 'train'), 'KD_FILE_READ', '153,700,000 bytes');
    await expectKdError(() => loadPictures(folder, 'test'), 'KD_FILE_READ', '30,740,000 bytes');
  });

  it.each([
    ['a coarse label above 19', [20, 5], 'coarse label 20'],
    ['a fine label above 99', [1, 100], 'fine label 100'],
    ['a class in two groups', [3, 7], 'coarse label 2 for it before'],
  ])('refuses another file of that size: %s', async (_, labels, received) => {
    await write('train.bin', bytes([2, 7], labels));
    const load = () => loadPictures(folder, 'train', { size: 2 });
    await expectKdError(load, 'KD_FILE_READ', received, 'in record 1', ...remedies);
  });

  it('refuses wrong arguments', async () => {
    await expectKdError(() => loadPictures('', 'train'), 'KD_OPTION_TYPE', 'folder');
    const which = 'valid' as 'test';
    await expectKdError(() => loadPictures(folder, which), 'KD_OPTION_RANGE', 'which', '"train" or "test"');
    await expectKdError(() => loadPictures(folder, 'test', { size: 0 }), 'KD_OPTION_RANGE', 'options.size');
  });
});
