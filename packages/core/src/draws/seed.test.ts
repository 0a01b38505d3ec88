import { scalar, tensor1d } from '@tensorflow/tfjs-core';
import { expectKdError, useBackend } from '@kd/testing';
import { expect, it } from 'vitest';
import { subSeed } from '../sub-seed.js';
import { seedNumber, seedOption, seedTensor } from './seed.js';

await useBackend('cpu');
const at = { where: 'forward', argument: 'options.seed' };

it('a seed is a finite number or an int32 scalar', async () => {
  const given = scalar(3, 'int32');
  for (const seed of [0, -1, 0.5, 2 ** 40, given]) expect(seedOption.read(at, seed)).toBe(seed);
  const disposed = scalar(3, 'int32');
  disposed.dispose();
  for (const wrong of [scalar(3), tensor1d([3], 'int32'), disposed, '3', null])
    await expectKdError(() => seedOption.read(at, wrong), 'KD_OPTION_TYPE', 'options.seed', 'int32 scalar');
  await expectKdError(() => seedOption.read(at, NaN), 'KD_OPTION_RANGE', 'options.seed');
});

it('is a number or a tensor of 31 bits, and others are mixed into 31 bits', () => {
  const given = scalar(3, 'int32');
  expect(seedTensor(given)).toBe(given);
  expect(seedNumber(given)).toBe(3);
  expect([seedTensor(7).dtype, seedTensor(7).shape]).toEqual(['int32', []]);
  for (const [seed, number] of [
    ...[0, 7, 2 ** 31 - 1].map((whole) => [whole, whole] as const),
    ...[-1, 0.5, 2 ** 31, 1e300].map((other) => [other, subSeed(other)] as const),
  ]) {
    expect(seedNumber(seed)).toBe(number);
    expect(seedTensor(seed).dataSync<'int32'>()[0]).toBe(number);
  }
});
