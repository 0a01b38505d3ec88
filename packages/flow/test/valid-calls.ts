import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const maps = () => [ones([2, 4, 3, 2]), ones([2, 2, 3, 1])];
const own: ValidCallsOf<typeof api> = {
  flow: () => [
    {
      student: ['a', 'b'],
      teacher: ['c', 'd'],
      pooling: 'max',
      distance: 'squared',
      weight: 0.5,
      name: 'mine',
    },
  ],
  flowLoss: () => [maps(), maps(), { pooling: 'max', distance: 'squared' }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/flow': own };
