import { posix, win32 } from 'node:path';

/** Whether a path that a file gives leads out of the directory of that file, on whichever system it was written. */
export function leavesDirectory(path: string): boolean {
  return posix.isAbsolute(path) || win32.isAbsolute(path) || path.split(/[\\/]/).includes('..');
}
