import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_BIAS_UNBOUNDED: {
    means: 'A teacher gives no probability to classes whose bias is fitted, or to all others.',
    remedy: 'Use inputs of all classes, or correct fewer classes.',
  },
  KD_BIAS_MISSING: {
    means: 'The layer that gives the logits of a model does not end in a bias of one number a class.',
    remedy: 'Build the model with a dense layer with a bias at its end.',
  },
};
