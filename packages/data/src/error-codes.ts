import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_LABEL_RANGE: {
    means: 'A label names no class, or a distribution over labels does not sum to one.',
    remedy: 'Number the classes from 0 to N-1; mark examples without a label in `labelled`.',
  },
  KD_DATA_TYPE: {
    means: 'A data source is neither arrays nor tensors nor a function that returns batches.',
    remedy: 'Pass { inputs, labels } or (context) => AsyncIterable<Batch>.',
  },
};
