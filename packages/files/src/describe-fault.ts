import { describeValue } from '@kd/core';

/** The meaning and remedy of each system error code. */
const faults: Readonly<Record<string, { readonly means: string; readonly remedy: string }>> = {
  EACCES: { means: 'no permission', remedy: 'Choose another path, or change the permissions' },
  EPERM: { means: 'no permission', remedy: 'Choose another path, or change the permissions' },
  EROFS: { means: 'a read-only file system', remedy: 'Choose a path on another disk' },
  ENOSPC: { means: 'no space left on the disk', remedy: 'Free some space' },
  EDQUOT: { means: 'no space left in the quota', remedy: 'Free some space' },
  EEXIST: { means: 'a file of that name', remedy: 'Choose another path' },
  ENOTDIR: { means: 'a path that leads through a file', remedy: 'Choose another path' },
  EISDIR: { means: 'a directory of that name', remedy: 'Choose another path' },
  EFTYPE: { means: 'a pipe, a socket or a device', remedy: 'Put a regular file there' },
  ENOENT: { means: 'no such file', remedy: 'Check the path' },
};

/** The code of a failed file-system call, such as `ENOENT`; empty for any other error. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '';
}

/** Whether a call failed because the disk or the quota is full. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error));
}

/**
 * Describes a failed file-system call, for the "received" part of an error.
 *
 * @param error anything that was thrown
 * @returns the meaning and the system's code; for any other error its text
 *
 * @example
 * ```ts
 * import { describeFault } from '@kd/files';
 * import { readFile } from 'node:fs/promises';
 * console.log(await readFile('no-such-file').catch(describeFault));
 * // no such file (ENOENT)
 * ```
 */
export function describeFault(error: unknown): string {
  const code = codeOf(error);
  const fault = faults[code];
  return fault === undefined
    ? error instanceof Error
      ? String(error)
      : describeValue(error)
    : `${fault.means} (${code})`;
}

/** The remedy for a failed file-system call, as a sentence without full stop. */
export function remedyOf(error: unknown): string {
  return faults[codeOf(error)]?.remedy ?? 'Look at the cause of this error';
}
