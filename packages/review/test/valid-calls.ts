import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const own: ValidCallsOf<typeof api> = {
  review: () => [{ student: ['a', 'b'], teacher: ['c', 'd'], channels: 3, weight: 0.5, name: 'mine' }],
  hierarchicalContextLoss: () => [ones([2, 2, 3, 2]), ones([2, 2, 3, 2])],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/review': own };
