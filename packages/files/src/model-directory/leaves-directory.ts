import { posix, win32 } from 'node:path';

/** Whether a path inside a file leads out of that file's directory, on any operating system. */
export function leavesDirectory(path: string): boolean {
  return posix.isAbsolute(path) || win32.isAbsolute(path) || path.split(/[\\/]/).includes('..');
}
