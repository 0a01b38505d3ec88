import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const logits = () => tensor2d([[1, 2, 0], [0, 1, 3]]); // prettier-ignore
const own: ValidCallsOf<typeof api> = {
  normalized: () => [
    { gamma: 1.5, temperature: 2, output: 'output', target: 'labels', weight: 0.5, name: 'mine' },
  ],
  normalizedLoss: () => [logits(), logits(), tensor1d([0, 1], 'int32'), { gamma: 1.5, temperature: 2 }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/normalized': own };
