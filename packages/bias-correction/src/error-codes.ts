import type { ErrorCodes } from '@kd/core';

/** Error codes of this package. They are stable and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_BIAS_UNBOUNDED: {
    means:
      'The teacher gives zero probability to a class whose bias is fitted, or to all other classes together.',
    remedy: 'Use inputs of all classes, or correct fewer classes.',
  },
  KD_BIAS_MISSING: {
    means:
      'The layer that computes the logits of a model does not end by adding a bias with one number per class.',
    remedy: 'End the model with a dense layer that has a bias.',
  },
};
