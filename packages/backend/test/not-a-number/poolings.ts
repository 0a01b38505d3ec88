import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { expectNumbers, notANumbers, withBits } from './numbers.js';

const image = [-1, -2, -3, -4, -5, -6, -7, -8, 1, 2, 3, 4, 5, 6, 7, 8];

/** Tests of poolings on the current backend. */
export function testPoolings(): void {
  // Positions in the first window of an image.
  it.each([0, 1, 4, 5])('keeps a NaN at place %d in every pooling', async (place) => {
    for (const bits of notANumbers) {
      const x = withBits(image.with(place, NaN), bits, [1, 4, 4, 1]) as tf.Tensor4D;
      await expectNumbers(tf.maxPool(x, 2, 2, 'valid'), [NaN, -3, 6, 8]);
      await expectNumbers(tf.avgPool(x, 2, 2, 'valid'), [NaN, -5.5, 3.5, 5.5]);
      const volume = tf.reshape<tf.Rank.R5>(x, [1, 4, 2, 2, 1]);
      const layers = (values: readonly number[]): number[] => values.with(place < 4 ? 0 : 1, NaN);
      const size: [number, number, number] = [1, 2, 2];
      await expectNumbers(tf.maxPool3d(volume, size, size, 'valid'), layers([-1, -5, 4, 8]));
      await expectNumbers(tf.avgPool3d(volume, size, size, 'valid'), layers([-2.5, -6.5, 2.5, 6.5]));
    }
  });

  it('keeps it in all windows that overlap there, and in no other channel', async () => {
    const x = withBits(image.with(9, NaN), 0x7fc00000, [1, 4, 4, 1]);
    const channels = tf.concat([x, tf.onesLike(x)], 3) as tf.Tensor4D;
    const rows = [[-1, -1, -2, -3], [NaN, NaN, NaN, 4], [NaN, NaN, NaN, 8], [NaN, NaN, NaN, 8]]; // prettier-ignore
    const expected = rows.flat().flatMap((value) => [value, 1]);
    await expectNumbers(tf.maxPool(channels, 3, 1, 'same'), expected);
    const averages = await tf.avgPool(channels, 3, 1, 'valid').data();
    expect(Array.from(averages, Number.isNaN)).toEqual([true, false, true, false, true, false, true, false]);
  });

  it('pools infinities as numbers', async () => {
    const x = tf.tensor4d([Infinity, -Infinity, 0, 1, ...Array<number>(4).fill(-Infinity)], [2, 2, 2, 1]);
    await expectNumbers(tf.maxPool(x, 2, 2, 'valid'), [Infinity, -Infinity]);
    await expectNumbers(tf.avgPool(x, 2, 2, 'valid'), [NaN, -Infinity]);
  });
}
