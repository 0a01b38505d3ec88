import { defineTerm } from '@kd/core';
import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { tensor2d } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const own: ValidCallsOf<typeof api> = {
  standardizeLogits: () => [
    defineTerm({
      name: 'mine',
      reads: { student: { logits: { as: 'logits' } } },
      loss: ({ student }) => ({ values: student.logits }),
    }),
  ],
  standardized: () => [tensor2d([[1, 2, 0], [0, 1, 3]])], // prettier-ignore
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/logit-standardization': own };
