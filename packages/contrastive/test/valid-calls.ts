import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const own: ValidCallsOf<typeof api> = {
  contrastive: () => [
    {
      student: 'a',
      teacher: 'b',
      dimension: 4,
      negatives: 6,
      temperature: 0.1,
      momentum: 0.5,
      normalizer: 20,
      labels: [0, 1, 0],
      weight: 0.8,
      name: 'mine',
    },
  ],
  contrastiveLoss: () => [
    ones([2, 3]),
    ones([2, 4, 3]),
    { datasetSize: 10, temperature: 0.1, normalizer: 20 },
  ],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/contrastive': own };
