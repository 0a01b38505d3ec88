import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const loss = { distance: 'absolute', channels: 'kept' } as const;
const own: ValidCallsOf<typeof api> = {
  factorLoss: () => [ones([2, 2, 3, 2]), ones([2, 2, 3, 2]), loss],
  factorTransfer: () => [
    {
      student: 'a',
      teacher: 'b',
      rate: 0.5,
      reconstruction: 'squared',
      ...loss,
      weight: 500,
      name: 'mine',
    },
  ],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/factor-transfer': own };
