import { scalar, tensor1d } from '@tensorflow/tfjs-core';
import { expectKdError, useBackend } from '@kd/testing';
import { expect, it } from 'vitest';
import { subSeed } from '../sub-seed.js';
import { seedOption, seedTensor } from './seed.js';

await useBackend('cpu');
const at = { where: 'forward', argument: 'options.seed' };
const numberOf = (seed: number): number | undefined => seedTensor(seed).dataSync<'int32'>()[0];

it('a seed is a finite number or an int32 scalar', async () => {
  const given = scalar(3, 'int32');
  for (const seed of [0, -1, 0.5, 2 ** 40, given]) expect(seedOption.read(at, seed)).toBe(seed);
  const disposed = scalar(3, 'int32');
  disposed.dispose();
  for (const wrong of [scalar(3), tensor1d([3], 'int32'), disposed, '3', null])
    await expectKdError(() => seedOption.read(at, wrong), 'KD_OPTION_TYPE', 'options.seed', 'int32 scalar');
  await expectKdError(() => seedOption.read(at, NaN), 'KD_OPTION_RANGE', 'options.seed');
});

it('becomes a tensor: whole numbers of 31 bits as they are, others mixed into 31 bits', () => {
  const given = scalar(3, 'int32');
  expect(seedTensor(given)).toBe(given);
  expect([seedTensor(7).dtype, seedTensor(7).shape]).toEqual(['int32', []]);
  expect([0, 7, 2 ** 31 - 1].map(numberOf)).toEqual([0, 7, 2 ** 31 - 1]);
  for (const seed of [-1, 0.5, 2 ** 31, 1e300]) expect(numberOf(seed)).toBe(subSeed(seed));
});
