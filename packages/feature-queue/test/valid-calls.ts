import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const own: ValidCallsOf<typeof api> = {
  featureQueue: () => [{ student: 'a', teacher: 'b', size: 8, temperature: 0.1, weight: 0.5, name: 'mine' }],
  featureQueueLoss: () => [ones([2, 3]), ones([2, 3]), ones([5, 3]), { temperature: 0.1 }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/feature-queue': own };
