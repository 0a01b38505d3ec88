import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import type * as api from '../src/index.js';

const own: ValidCallsOf<typeof api> = {
  variational: () => [
    { student: 'a', teacher: 'b', hidden: 3, initialVariance: 5, weight: 0.5, name: 'mine' },
  ],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/variational': own };
