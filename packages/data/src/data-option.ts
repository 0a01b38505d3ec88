import { check } from '@kd/core';
import type { Check } from '@kd/core';
import { checkRepeatableData } from './check-data.js';
import type { RepeatableData } from './data.js';

/** Data that can be iterated repeatedly, as an option. */
export const repeatableData: Check<RepeatableData> = check(
  '{ inputs, labels, ... } in memory, or a function that returns batches',
  ({ where, argument }, value) => {
    checkRepeatableData(where, argument, value);
    return value;
  },
);
