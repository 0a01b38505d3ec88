import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { tensorsOfBatch } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { InMemoryData, StreamContext } from '../data.js';
import { augmentedStream } from './augmented-stream.js';
import type { AugmentedStreamOptions } from './augmented-stream.js';
import type { Augmentation } from './image.js';
import { randomCrop } from './random-crop.js';
import { randomFlip } from './random-flip.js';

await useBackend('cpu');

const n = 10;
const oneHot = Float32Array.from({ length: n * n }, (_, index) =>
  Number(index % n === Math.floor(index / n)),
);
/** Images that are one-hot too: they show what was mixed into them. */
const data: InMemoryData = {
  inputs: { values: oneHot, shape: [n, 2, 5, 1] },
  labels: { values: oneHot, shape: [n, n] },
  ids: Array.from({ length: n }, (_, row) => String(row)),
};
const augmentations = [randomFlip(), randomCrop({ padding: 1 })];

type Example = { readonly input: number[]; readonly label: number[]; readonly id: string | undefined };

/** The examples of an epoch, in their order. */
const read = async (
  options: AugmentedStreamOptions,
  context: Partial<StreamContext> = {},
  given: InMemoryData = data,
): Promise<Example[]> => {
  const examples: Example[] = [];
  for await (const batch of augmentedStream(given, options)({ epoch: 0, seed: 1, skip: 0, ...context })) {
    const [inputs, labels] = [batch.inputs['input'], batch.targets?.['labels']].map((one) =>
      Array.from(one?.dataSync() ?? []),
    ) as [number[], number[]];
    for (let row = 0; row < labels.length / n; row++) {
      const [input, label] = [inputs, labels].map((all) => all.slice(row * n, (row + 1) * n)) as [
        number[],
        number[],
      ];
      examples.push({ input, label, id: batch.ids?.[row] });
    }
    dispose(tensorsOfBatch(batch));
  }
  return examples;
};

describe.each<[string, AugmentedStreamOptions]>([
  ['augmentations', { augmentations }],
  ['mixup', { mixup: { alpha: 0.4 } }],
  ['both', { augmentations, mixup: { alpha: 0.4 } }],
])('a stream with %s', (_, options) => {
  it('gives the same examples in batches of any size, and from any of them on', async () => {
    const all = await read({ ...options, batchSize: 1 });
    expect(all).toHaveLength(n);
    expect(await read({ ...options, batchSize: 3 })).toEqual(all);
    expect(await read(options)).toEqual(all);
    expect(await read({ ...options, batchSize: 3 }, { skip: 2 })).toEqual(all.slice(6));
    expect(await read(options, { epoch: 1 })).not.toEqual(all);
    expect(await read(options, { seed: 2 })).not.toEqual(all);
  });

  it('changes no data and leaves no tensor behind', () =>
    expectNoLeak(async () => {
      const before = Float32Array.from(oneHot);
      await read({ ...options, batchSize: 4 });
      expect(oneHot).toEqual(before);
    }));
});

describe('a stream', () => {
  it('has every example once, with its id, in the order of the seed', async () => {
    const ids = (await read({ augmentations })).map(({ id }) => id);
    expect([...ids].sort()).toEqual(data.ids);
    expect(ids).not.toEqual(data.ids);
    expect((await read({})).map(({ id, label }) => label.indexOf(1) === Number(id))).toEqual(
      Array(n).fill(true),
    );
  });

  it('with mixup mixes inputs and labels of two examples with one share', async () => {
    const partners = new Set<number>();
    const shares: number[] = [];
    for (let epoch = 0; epoch < 40; epoch++) {
      const plain = await read({}, { epoch });
      const mixed = await read({ mixup: { alpha: 1 } }, { epoch });
      mixed.forEach(({ input, label, id }, index) => {
        expect(label).toEqual(input);
        expect(id).toBeUndefined();
        const own = plain[index]?.label.indexOf(1) ?? -1;
        const others = label.flatMap((share, row) => (share > 0 && row !== own ? [row] : []));
        expect(others.length).toBeLessThanOrEqual(1);
        expect(label.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
        others.forEach((row) => partners.add(row));
        if (others.length === 1) shares.push(label[own] ?? NaN);
      });
    }
    expect(partners.size).toBe(n);
    // A uniform share, of about 360 examples.
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / shares.length));
  });

  it('leaves no tensor behind if an augmentation throws', () =>
    expectNoLeak(async () => {
      for (const mixup of [undefined, { alpha: 1 }]) {
        let calls = 0;
        const failing: Augmentation = (image) => {
          if (++calls === 7) throw new Error('seventh');
          return image;
        };
        const options = { batchSize: 4, augmentations: [failing], ...(mixup === undefined ? {} : { mixup }) };
        await expect(read(options)).rejects.toThrow('seventh');
      }
    }));

  it.each<[string, InMemoryData, AugmentedStreamOptions, string, ...string[]]>([
    [
      'class ids',
      { ...data, labels: new Int32Array(n) },
      { mixup: { alpha: 1 } },
      'KD_TENSOR_DTYPE',
      'data.targets.labels',
      'tf.oneHot',
    ],
    [
      'weights',
      { ...data, sampleWeight: new Float32Array(n) },
      { mixup: { alpha: 1 } },
      'KD_OPTION_TYPE',
      'data.sampleWeight',
    ],
    [
      'flat inputs',
      { inputs: { values: oneHot, shape: [n, n] } },
      { augmentations },
      'KD_TENSOR_SHAPE',
      'data.inputs.input',
      '[?,10]',
    ],
    ['no alpha', data, { mixup: { alpha: 0 } }, 'KD_OPTION_RANGE', 'options.mixup.alpha'],
    [
      'no augmentation',
      data,
      { augmentations: ['flip' as never] },
      'KD_OPTION_TYPE',
      'options.augmentations[0]',
    ],
    ['half a batch', data, { batchSize: 0.5 }, 'KD_OPTION_RANGE', 'options.batchSize'],
  ])('refuses %s, and leaves no tensor behind', async (_, given, options, code, ...facts) => {
    await expectNoLeak(() =>
      expectKdError(() => augmentedStream(given, options), code, 'augmentedStream', ...facts),
    );
  });
});
