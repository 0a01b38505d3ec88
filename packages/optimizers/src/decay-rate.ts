import { numberIn } from '@kd/core';
import type { Check, Schedule } from '@kd/core';
import { scheduledOption } from './scheduled-option.js';

/** The share of an average kept in a step: a number in [0, 1), so never all of it. */
export const decayRate: Check<number> = numberIn(
  'a number in [0, 1)',
  (x) => x >= 0 && x < 1,
  'Values near 1 remember longer: 0.9 about ten steps, 0.999 a thousand.',
);

/** Describes the option `momentum`. */
export const momentumOption: Check<number | Schedule> = scheduledOption(decayRate);
