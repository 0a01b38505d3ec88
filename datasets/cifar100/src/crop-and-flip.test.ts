import { exampleRandom } from '@kd/data';
import type { Image } from '@kd/data';
import { expectKdError } from '@kd/testing';
import { expect, it } from 'vitest';
import { cropAndFlip } from './crop-and-flip.js';

const black = [-0.5071 / 0.2675, -0.4867 / 0.2565, -0.4408 / 0.2761].map(Math.fround);
/** Each value says its row, column and channel. */
const valueAt = (row: number, column: number, channel: number): number =>
  100 + row * 100 + column * 3 + channel;
const places = Array.from({ length: 32 * 32 * 3 }, (_, at): [number, number, number] => [
  Math.floor(at / 96),
  Math.floor(at / 3) % 32,
  at % 3,
]);
const image: Image = {
  values: Float32Array.from(places, (place) => valueAt(...place)),
  shape: [32, 32, 3],
};

/** What a picture looks like that was moved and then perhaps mirrored: black where there was nothing. */
const moved = (down: number, right: number, isMirrored: boolean): Float32Array =>
  Float32Array.from(places, ([row, column, channel]) => {
    const [from, beside] = [row - down, (isMirrored ? 31 - column : column) - right];
    const isInside = [from, beside].every((at) => at >= 0 && at < 32);
    return isInside ? valueAt(from, beside, channel) : (black[channel] ?? NaN);
  });

it('moves a picture by up to four pixels over black, and mirrors half of them', () => {
  const candidates = new Map<string, [number, number, boolean]>();
  for (let down = -4; down <= 4; down++) {
    for (let right = -4; right <= 4; right++) {
      for (const isMirrored of [false, true])
        candidates.set(moved(down, right, isMirrored).join(), [down, right, isMirrored]);
    }
  }
  const [crop, flip] = cropAndFlip();
  const found = Array.from({ length: 400 }, (_, example) => {
    const random = exampleRandom(1, 0, example);
    const cropped = crop?.(image, random) ?? image;
    const result = flip?.(cropped, random) ?? cropped;
    expect(result.shape).toEqual([32, 32, 3]);
    const match = candidates.get(result.values.join());
    return match ?? expect.fail('a picture that is neither moved nor mirrored');
  });
  for (const axis of [0, 1] as const)
    expect(new Set(found.map((match) => match[axis]))).toEqual(new Set([-4, -3, -2, -1, 0, 1, 2, 3, 4]));
  const mirrored = found.filter(([, , isMirrored]) => isMirrored).length;
  expect(mirrored).toBeGreaterThan(150);
  expect(mirrored).toBeLessThan(250);
  expect(image.values).toEqual(moved(0, 0, false));
});

it('refuses other pictures', async () => {
  const [crop] = cropAndFlip();
  const digit: Image = { values: new Float32Array(28 * 28), shape: [28, 28, 1] };
  const augment = () => crop?.(digit, exampleRandom(1, 0, 0));
  await expectKdError(augment, 'KD_TENSOR_SHAPE', '[32,32,3]', '[28,28,1]');
});
