import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_EVENTS_DAMAGED: {
    means: 'A line of a file of events is altered, or another program or version wrote it.',
    remedy: 'Remove the line that the message names; all other lines stay readable.',
  },
  KD_OPENER_FAILED: {
    means: 'The platform has no program that opens a page, or it failed; the page is written.',
    remedy: 'Open the page in a browser yourself.',
  },
};
