import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_STEP_NOT_FINITE: {
    means: 'A loss or a gradient became NaN or infinite; the weights are those from before the step.',
    remedy: 'Lower the learning rate, or look at the batch that the message names.',
  },
  KD_CHECKPOINT_EXISTS: {
    means: 'A training that does not resume would write where another one keeps its checkpoints.',
    remedy: 'Pass resume: true to go on with that training, or choose another directory.',
  },
  KD_CHECKPOINT_MISMATCH: {
    means:
      'A checkpoint belongs to another student, teacher, recipe or data set than the training that resumes, or was written by another version.',
    remedy: 'Resume with what the checkpoint was made with, or choose another directory.',
  },
  KD_CHECKPOINT_DAMAGED: {
    means: 'A checkpoint is incomplete, altered, or written by another program.',
    remedy: 'Delete the directory that the message names; the checkpoint before it is used then.',
  },
};
