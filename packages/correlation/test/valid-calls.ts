import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import * as api from '../src/index.js';

const rows = () => tensor2d([[1, 2, 0], [0, 1, 3]]); // prettier-ignore
const taps = { student: 'a', teacher: 'b', weight: 0.5, name: 'mine' };
const own: ValidCallsOf<typeof api> = {
  bilinear: () => [rows()],
  correlation: () => [{ ...taps, kernel: api.bilinear, distance: 'norm' }],
  correlationLoss: () => [rows(), rows(), { kernel: api.bilinear, distance: 'norm' }],
  gaussian: {
    args: () => [{ gamma: 0.4, order: 2, unitLength: true }],
    use: (kernel) => tidy(() => kernel(rows()).shape),
  },
  neighbourCorrelation: () => [taps],
  neighbourCorrelationLoss: () => [rows(), rows()],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/correlation': own };
