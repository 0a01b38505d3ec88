import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_TEACHER_FAILED: {
    means: 'A teacher failed while it computed an answer.',
    remedy: 'Look at the cause of the error, and at the inputs of the batch.',
  },
  KD_TEACHER_TIMEOUT: {
    means: 'A teacher did not answer within the time that it was given.',
    remedy: 'Give it more time, or retries.',
  },
  KD_OUTPUT_CONVENTION: {
    means: 'The numbers that a teacher answers with contradict the convention that is stated for them.',
    remedy: 'State the convention that the message names.',
  },
  KD_OUTPUT_UNKNOWN: {
    means: 'A model has no such output, or several of which none is chosen.',
    remedy: 'Choose one of the outputs that the message lists.',
  },
  KD_OUTPUT_UNSUPPORTED: {
    means: 'An input or output of a model is of a kind that tfjs has no tensor for.',
    remedy: 'Export the model as the message says.',
  },
};
