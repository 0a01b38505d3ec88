import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { tensor2d } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const logits = () => tensor2d([[1, 2, 0], [0, 1, 3]]); // prettier-ignore
const levels = { temperatures: [2, 4], instances: 1, batches: 2, classes: 3 };
const own: ValidCallsOf<typeof api> = {
  multiLevel: () => [{ ...levels, output: 'output', weight: 0.5, name: 'mine' }],
  multiLevelLoss: () => [logits(), logits(), levels],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/multi-level': own };
