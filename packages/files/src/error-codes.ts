import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_DISK_FULL: {
    means: 'The disk has too little free space.',
    remedy: 'Free some space, or choose a directory on another disk.',
  },
  KD_FILE_WRITE: {
    means: 'A file could not be written. Earlier files are intact.',
    remedy: 'Check the path, the permissions and the free disk space.',
  },
  KD_FILE_BUSY: {
    means: 'Another process, or another part of this one, is writing to the same directory.',
    remedy: 'Wait for it, or choose another directory; the message names the process.',
  },
  KD_FILE_FOREIGN: {
    means:
      'The directory already has files with the names to be written, and a different function or model wrote them.',
    remedy: 'Choose another directory, or move these files away.',
  },
};
