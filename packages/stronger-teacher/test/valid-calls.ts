import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { tensor2d } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const logits = () => tensor2d([[1, 2, 0], [0, 1, 3]]); // prettier-ignore
const own: ValidCallsOf<typeof api> = {
  dist: () => [{ beta: 1, gamma: 2, temperature: 4, output: 'output', weight: 0.5, name: 'mine' }],
  distLoss: () => [logits(), logits(), { beta: 1, gamma: 2, temperature: 4 }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/stronger-teacher': own };
