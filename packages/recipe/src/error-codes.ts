import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_TERM_INVALID: {
    means: 'A value passed as a term does not implement the contract of a term.',
    remedy: 'Implement the interface Term of @kd/core.',
  },
  KD_TERM_DUPLICATE: {
    means: 'Two terms or modules of one recipe have the same name.',
    remedy: 'Rename one of them.',
  },
  KD_TERM_VALUES: {
    means: 'The loss of a term does not have the shape that the term declares.',
    remedy: 'Return [B] for reduces: "example" and a scalar for "batch".',
  },
};
