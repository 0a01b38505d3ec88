import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_HINT_SHAPES: {
    means: 'No regressor (of the requested kind) maps the shape of the guided layer to that of the hint.',
    remedy: 'Choose another kind, or taps with compatible shapes; suggestTaps lists some.',
  },
};
