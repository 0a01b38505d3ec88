import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { tensor2d } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const features = () => tensor2d([[1, 2, 0], [0, 1, 3]]); // prettier-ignore
const own: ValidCallsOf<typeof api> = {
  probabilistic: () => [{ student: 'a', teacher: 'b', pairs: 'all', weight: 0.5, name: 'mine' }],
  probabilisticLoss: () => [features(), features(), { pairs: 'different' }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/probabilistic': own };
