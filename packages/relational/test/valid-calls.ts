import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { tensor2d } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const points = () => tensor2d([[1, 2, 0], [0, 1, 3]]); // prettier-ignore
const own: ValidCallsOf<typeof api> = {
  relational: () => [{ student: 'a', teacher: 'b', distance: 25, angle: 50, weight: 0.5, name: 'mine' }],
  relationalLoss: () => [points(), points(), { distance: 25, angle: 50 }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/relational': own };
