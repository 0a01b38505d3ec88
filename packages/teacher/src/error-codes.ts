import type { ErrorCodes } from '@kd/core';

/** Error codes of this package. They are stable and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_TEACHER_FAILED: {
    means: 'A teacher failed to compute an answer.',
    remedy: 'See the cause of the error, and check the inputs of the batch.',
  },
  KD_TEACHER_TIMEOUT: {
    means: 'A teacher did not answer in time.',
    remedy: 'Allow more time or retries.',
  },
  KD_OUTPUT_CONVENTION: {
    means: "A teacher's numbers contradict the stated convention.",
    remedy: 'State the convention named in the message.',
  },
  KD_OUTPUT_UNSUPPORTED: {
    means: 'An input or output of a model has a type that tfjs tensors do not support.',
    remedy: 'Export the model as the message describes.',
  },
};
