import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_ID_DUPLICATE: {
    means: 'Two examples have one id.',
    remedy: 'Give every example an id of its own.',
  },
  KD_TARGETS_DAMAGED: {
    means: 'A file of a set of stored soft targets is missing, truncated or altered.',
    remedy: 'Copy the file again, or delete the directory that the message names and store its targets anew.',
  },
  KD_TARGETS_INCOMPLETE: {
    means: 'A set of stored soft targets is not finished, or lacks shards.',
    remedy: 'Run what was interrupted again, then merge the shards.',
  },
  KD_TARGETS_MISMATCH: {
    means: 'Stored soft targets belong to another teacher, other data or other options.',
    remedy: 'Choose another directory, or store them anew.',
  },
};
