import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const own: ValidCallsOf<typeof api> = {
  neuronSelectivity: () => [{ student: 'a', teacher: 'b', weight: 0.5, name: 'mine' }],
  neuronSelectivityLoss: () => [ones([2, 2, 3, 1]), ones([2, 2, 3, 2])],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/neuron-selectivity': own };
