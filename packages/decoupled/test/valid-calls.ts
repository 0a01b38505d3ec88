import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const logits = () => tensor2d([[1, 2, 0], [0, 1, 3]]); // prettier-ignore
const own: ValidCallsOf<typeof api> = {
  decoupled: () => [
    { alpha: 1, beta: 8, temperature: 4, output: 'output', target: 'labels', weight: 0.5, name: 'mine' },
  ],
  decoupledLoss: () => [logits(), logits(), tensor1d([0, 1], 'int32'), { alpha: 1, beta: 8, temperature: 4 }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/decoupled': own };
