import type { ErrorCodes } from '@kd/core';

/** Error codes of this package. They are stable and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_ID_DUPLICATE: {
    means: 'Two examples have the same id.',
    remedy: 'Give every example a unique id.',
  },
  KD_MASK_GAPS: {
    means: 'The mask of a stored sequence has positions that count after positions that do not.',
    remedy: 'Put the padding last, and mask nothing else while storing.',
  },
  KD_TARGETS_DAMAGED: {
    means: 'A file of a set of stored soft targets is missing, truncated or altered.',
    remedy: 'Copy the file again, or delete the directory named in the message and store its targets again.',
  },
  KD_TARGETS_INCOMPLETE: {
    means: 'A set of stored soft targets is unfinished, or shards are missing.',
    remedy: 'Rerun the interrupted call, then merge the shards.',
  },
  KD_TARGETS_MISMATCH: {
    means: 'The stored soft targets belong to another teacher, other data or other options.',
    remedy: 'Choose another directory, or store them again.',
  },
};
