import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { scalar, tensor2d } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const logits = () => tensor2d([[1, 2, 0], [0, 1, 3]]); // prettier-ignore
const own: ValidCallsOf<typeof api> = {
  curriculumTemperature: () => [
    { lowest: 1, range: 20, reversal: 0.5, output: 'output', weight: 0.5, name: 'mine' },
  ],
  curriculumTemperatureLoss: () => [logits(), logits(), scalar(2)],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/curriculum-temperature': own };
