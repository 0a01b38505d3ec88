import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const own: ValidCallsOf<typeof api> = {
  universalLogit: () => [{ temperature: 2, output: 'output', weight: 0.5, name: 'mine' }],
  universalLogitLoss: () => [ones([2, 3, 5]), ones([2, 3, 4]), { temperature: 2 }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/sequences': own };
