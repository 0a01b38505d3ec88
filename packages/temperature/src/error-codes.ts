import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_CALIBRATION_UNBOUNDED: {
    means: 'The likelihood of the held-out set has no optimum at a finite positive temperature.',
    remedy: 'Calibrate on held-out rows that the model classifies mostly, but not always, correctly.',
  },
};
