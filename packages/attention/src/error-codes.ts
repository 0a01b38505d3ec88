import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_MASK_IMPLICIT: {
    means:
      'A layer of attention receives a mask that tfjs passes along, for example of an embedding with maskZero.',
    remedy: 'Leave out maskZero, and pass the mask as an input: the option mask.',
  },
};
