import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_DISK_FULL: {
    means: 'A disk has less free space than is needed.',
    remedy: 'Free some space, or choose a directory on another disk.',
  },
  KD_FILE_WRITE: {
    means: 'A file could not be written; nothing that was there before is lost.',
    remedy: 'Check the path, the permissions and the free disk space.',
  },
  KD_FILE_BUSY: {
    means: 'Another process, or another part of this one, writes to the same directory.',
    remedy: 'Wait for it, or choose another directory; the message says which process it is.',
  },
  KD_FILE_FOREIGN: {
    means:
      'Where files are to be written there are others of the same names, which were not written by the same function.',
    remedy: 'Choose another directory, or move these files away.',
  },
};
