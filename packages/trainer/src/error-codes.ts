import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_STEP_NOT_FINITE: {
    means: 'A loss or a gradient became NaN or infinite. The weights are as they were before the step.',
    remedy: 'Lower the learning rate, or inspect the batch that the message names.',
  },
  KD_CHECKPOINT_EXISTS: {
    means: 'A training that does not resume would write where another training keeps its checkpoints.',
    remedy: 'Pass resume: true to resume that training, or choose another directory.',
  },
  KD_CHECKPOINT_MISMATCH: {
    means:
      'A checkpoint belongs to another student, teacher, recipe or data set than the resuming training, or another version wrote it.',
    remedy:
      'Resume with the same student, teacher, recipe and data as the checkpoint, or choose another directory.',
  },
  KD_CHECKPOINT_DAMAGED: {
    means: 'A checkpoint is incomplete, altered, or written by another program.',
    remedy: 'Delete the directory that the message names; the previous checkpoint is used then.',
  },
};
