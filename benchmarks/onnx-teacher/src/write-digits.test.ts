import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeDigits } from './write-digits.js';

it('restores the byte of every pixel', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'digits-'));
  const bytes = Uint8Array.from({ length: 784 }, (_, index) => index % 256);
  const images = Float32Array.from(bytes, (byte) => byte / 255);
  await writeDigits(folder, 'some', { size: 1, images, labels: Int32Array.of(9), ids: ['a'] });
  expect((await readFile(join(folder, 'some-images.npy'))).subarray(-784)).toEqual(Buffer.from(bytes));
  expect((await readFile(join(folder, 'some-labels.npy'))).at(-1)).toBe(9);
  await rm(folder, { recursive: true });
});
