import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_LOGITS_NOT_FINITE: {
    means: 'A model that generates says NaN or Infinity about the next token, or rules all tokens out.',
    remedy: 'Check the weights of the model, and whether each token has a row in its embedding.',
  },
};
