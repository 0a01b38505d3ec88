import type { ErrorCodes } from '@kd/core';

/** Codes that only this package throws. */
export const errorCodes: ErrorCodes = {
  KD_CLASSES_FEW: {
    means: 'There are two classes, so that nothing is left beside the target class.',
    remedy: 'Use softTarget of @kd/soft-target-loss.',
  },
};
