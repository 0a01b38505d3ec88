import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_STATE_MISMATCH: {
    means: 'The state of an optimizer belongs to other weights or to another kind of optimizer.',
    remedy: 'Put a state back into an optimizer of the same kind that trains the same weights.',
  },
};
