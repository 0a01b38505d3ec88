import { expectKdError } from '@kd/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { augmentImages } from './augment-images.js';
import { exampleRandom } from './example-random.js';
import { windowOf } from './image.js';
import type { Augmentation, Image } from './image.js';
import { mixup } from './mixup.js';
import { randomCrop } from './random-crop.js';
import { randomFlip } from './random-flip.js';
import { randomShift } from './random-shift.js';

/** Every value is different, and none is 0. */
const image = (height: number, width: number, channels = 1): Image => ({
  values: Float32Array.from({ length: height * width * channels }, (_, index) => index + 1),
  shape: [height, width, channels],
});
const at = ({ values, shape: [height, width, channels] }: Image, y: number, x: number, c: number): number =>
  y < 0 || x < 0 || y >= height || x >= width ? 0 : (values[(y * width + x) * channels + c] ?? NaN);
/** The image of which each value is given by its place, one by one. */
const byPlace = (
  [height, width, channels]: Image['shape'],
  value: (y: number, x: number, c: number) => number,
): number[] =>
  Array.from({ length: height * width * channels }, (_, index) => {
    const pixel = Math.floor(index / channels);
    return value(Math.floor(pixel / width), pixel % width, index % channels);
  });
const sizes = fc.tuple(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 3 }),
);
const random = () => exampleRandom(1, 0, 0);

describe('a window of an image', () => {
  it('has the values of the image, and zeros outside', () => {
    const corner = fc.integer({ min: -8, max: 8 });
    fc.assert(
      fc.property(sizes, corner, corner, sizes, (size, top, left, [rows, columns]) => {
        const whole = image(...size);
        const part = windowOf(whole, [top, left], [rows, columns]);
        expect(part.shape).toEqual([rows, columns, size[2]]);
        const expected = byPlace(part.shape, (y, x, c) => at(whole, top + y, left + x, c));
        expect(Array.from(part.values)).toEqual(expected);
      }),
    );
  });
});

describe('randomFlip', () => {
  it.each(['horizontal', 'vertical'] as const)('mirrors an image: %s', (axis) => {
    fc.assert(
      fc.property(sizes, (size) => {
        const whole = image(...size);
        const flipped = randomFlip({ axis, probability: 1 })(whole, random());
        const expected = byPlace(whole.shape, (y, x, c) =>
          axis === 'vertical' ? at(whole, size[0] - 1 - y, x, c) : at(whole, y, size[1] - 1 - x, c),
        );
        expect(Array.from(flipped.values)).toEqual(expected);
      }),
    );
  });

  it('leaves as many images as they are as its probability says', () => {
    const count = (probability?: number): number => {
      const flip = randomFlip(probability === undefined ? {} : { probability });
      const results = Array.from({ length: 1000 }, (_, row) => flip(image(1, 2), exampleRandom(1, 0, row)));
      return results.filter(({ values }) => values[0] === 2).length;
    };
    expect(count(0)).toBe(0);
    expect(count(1)).toBe(1000);
    expect(Math.abs(count() - 500)).toBeLessThan(64);
    expect(Math.abs(count(0.1) - 100)).toBeLessThan(38);
  });
});

/** How often each result occurs, by its values. */
const places = (augment: Augmentation, whole: Image, n: number): Map<string, number> => {
  const counts = new Map<string, number>();
  for (let row = 0; row < n; row++) {
    const key = augment(whole, exampleRandom(1, 0, row)).values.join(' ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

describe('randomShift', () => {
  it('moves an image to every place that is near enough, each as often as the others', () => {
    const whole = image(3, 3);
    const counts = places(randomShift({ height: 1, width: 2 }), whole, 3000);
    const expected = [-1, 0, 1].flatMap((dy) =>
      [-2, -1, 0, 1, 2].map((dx) => byPlace(whole.shape, (y, x) => at(whole, y + dy, x + dx, 0)).join(' ')),
    );
    expect([...counts.keys()].sort()).toEqual(expected.sort());
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(60);
  });
});

describe('randomCrop', () => {
  it('cuts a window of the image with its padding, at every place', () => {
    const whole = image(2, 3);
    const counts = places(randomCrop({ padding: 1, height: 3, width: 4 }), whole, 600);
    const expected = [-1, 0].flatMap((top) =>
      [-1, 0].map((left) => byPlace([3, 4, 1], (y, x) => at(whole, y + top, x + left, 0)).join(' ')),
    );
    expect([...counts.keys()].sort()).toEqual(expected.sort());
    for (const count of counts.values()) expect(Math.abs(count - 150)).toBeLessThan(45);
  });

  it('keeps the size of the image if it is told none', () => {
    expect(places(randomCrop({ padding: 1 }), image(2, 2), 500).size).toBe(9);
    expect(randomCrop({ padding: 4 })(image(5, 6, 2), random()).shape).toEqual([5, 6, 2]);
    expect(randomCrop()(image(2, 3), random())).toEqual(image(2, 3));
  });

  it('refuses an image that is too small', async () => {
    const run = (): unknown => randomCrop({ padding: 1, height: 5 })(image(2, 3), random());
    await expectKdError(run, 'KD_TENSOR_SHAPE', 'randomCrop', '[5,3] with a padding of 1', '[2,3,1]');
  });
});

describe('augmentImages', () => {
  const batch = (rows: readonly number[]): { values: Float32Array; shape: number[] } => ({
    values: Float32Array.from(rows.flatMap((row) => [row, row + 0.25, row + 0.5, row + 0.75])),
    shape: [rows.length, 2, 2, 1],
  });
  const augmentations = [randomShift({ height: 1, width: 1 }), randomFlip(), randomCrop({ padding: 1 })];
  const of = (rows: readonly number[], epoch = 0, seed = 5): number[][] => {
    const { values } = augmentImages(batch(rows), rows, { seed, epoch }, augmentations);
    return rows.map((_, index) => Array.from(values.subarray(4 * index, 4 * index + 4)));
  };

  it('gives an example the same result in any batch', () => {
    const all = of([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(of([6, 1])).toEqual([all[6], all[1]]);
    expect(of([3])).toEqual([all[3]]);
    expect(of([0, 1, 2, 3, 4, 5, 6, 7], 1)).not.toEqual(all);
    expect(of([0, 1, 2, 3, 4, 5, 6, 7], 0, 6)).not.toEqual(all);
  });

  it('applies the augmentations in their order, and changes nothing without any', () => {
    const add: Augmentation = ({ values, shape }) => ({ values: values.map((x) => x + 1), shape });
    const double: Augmentation = ({ values, shape }) => ({ values: values.map((x) => 2 * x), shape });
    const time = { seed: 0, epoch: 0 };
    const first = (list: Augmentation[]): number =>
      augmentImages(batch([3]), [0], time, list).values[0] ?? NaN;
    expect([first([add, double]), first([double, add]), first([])]).toEqual([8, 7, 3]);
  });

  it('refuses other ranks, numbers of examples, and results that differ in shape', async () => {
    const time = { seed: 0, epoch: 0 };
    const flat = { values: new Float32Array(4), shape: [2, 2] };
    await expectKdError(
      () => augmentImages(flat, [0, 1], time, []),
      'KD_TENSOR_SHAPE',
      '[B, H, W, C]',
      '[2,2]',
    );
    await expectKdError(
      () => augmentImages(batch([1, 2]), [0], time, []),
      'KD_DATA_LENGTH',
      'examples',
      '2 rows',
      '1',
    );
    const uneven: Augmentation = ({ values: [first = 0] }) => image(1, first < 2 ? 1 : 2);
    const run = (): unknown => augmentImages(batch([1, 2]), [0, 1], time, [uneven]);
    await expectKdError(run, 'KD_TENSOR_SHAPE', 'an augmented image', '[1,1,1], like the first', '[1,2,1]');
  });
});

describe('mixup', () => {
  it('mixes each row with its own share', () => {
    const mixed = mixup(Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8), [0.25, 1]);
    expect(Array.from(mixed)).toEqual([4, 5, 3, 4]);
  });

  it('refuses lengths that do not fit', async () => {
    const four = new Float32Array(4);
    await expectKdError(
      () => mixup(four, new Float32Array(3), [1]),
      'KD_DATA_LENGTH',
      'mixup',
      '3 numbers beside 4',
    );
    await expectKdError(() => mixup(four, four, [1, 1, 1]), 'KD_DATA_LENGTH', '3 shares');
  });
});

it.each<[string, () => unknown, string, ...string[]]>([
  ['randomShift', () => randomShift({ width: 0.5 }), 'KD_OPTION_RANGE', 'options.width'],
  ['randomShift', () => randomShift({ by: 1 } as never), 'KD_OPTION_UNKNOWN', 'options.by'],
  ['randomFlip', () => randomFlip({ probability: 2 }), 'KD_OPTION_RANGE', 'options.probability'],
  [
    'randomFlip',
    () => randomFlip({ axis: 'both' as never }),
    'KD_OPTION_RANGE',
    '"horizontal" or "vertical"',
  ],
  ['randomCrop', () => randomCrop({ padding: -1 }), 'KD_OPTION_RANGE', 'options.padding'],
  ['randomCrop', () => randomCrop({ height: 0 }), 'KD_OPTION_RANGE', 'options.height'],
])('%s refuses invalid options', async (where, run, code, ...facts) => {
  await expectKdError(run, code, where, ...facts);
});
