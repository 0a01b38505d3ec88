import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_TERM_DUPLICATE: {
    means: 'Two terms or modules of one recipe have the same name.',
    remedy: 'Rename one of them.',
  },
  KD_TEACHER_TRAINED: {
    means: 'A teacher is, or shares layers with, a model that is trained: its answers would change.',
    remedy: 'Copy the model, or use onlineTeacher for a teacher that changes.',
  },
  KD_TERM_VALUES: {
    means: 'What the loss of a term returns is no loss, or does not have the shape that the term declares.',
    remedy: 'Return { values }: [B] or [B, ...] for reduces: "example", a scalar for "batch".',
  },
};
