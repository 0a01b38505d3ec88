import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const own: ValidCallsOf<typeof api> = {
  activationBoundary: () => [
    { student: 'a', teacher: 'b', margin: 1, connects: true, weight: 0.003, name: 'mine' },
  ],
  activationBoundaryLoss: () => [ones([2, 2, 3, 2]), ones([2, 2, 3, 2]), { margin: 1 }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/activation-boundary': own };
