import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_EVENTS_DAMAGED: {
    means: 'A line of a file of events is altered, or another program or version wrote it.',
    remedy: 'Remove the line that the message names; all other lines stay readable.',
  },
};
