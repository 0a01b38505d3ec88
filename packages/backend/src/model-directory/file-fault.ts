import { KdError } from '@kd/core';

const meanings: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'a read-only file system',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'no space left in the quota',
  EEXIST: 'a file of that name',
  ENOTDIR: 'a path that leads through a file',
  EISDIR: 'a directory of that name',
  ENOENT: 'no such file',
};

const remedies: Readonly<Record<string, string>> = {
  EACCES: 'Choose another path, or change the permissions.',
  EPERM: 'Choose another path, or change the permissions.',
  EROFS: 'Choose a path on another disk.',
  ENOSPC: 'Free some space; an earlier model in this directory is still complete.',
  EDQUOT: 'Free some space; an earlier model in this directory is still complete.',
  EEXIST: 'Choose another path; a model is a directory.',
  ENOTDIR: 'Choose another path; a model is a directory.',
};

/** What a failed call of the file system says, as the "received" part of an error: `no such file (ENOENT)`. */
export function describeFault(error: unknown): string {
  const code = codeOf(error);
  const meaning = meanings[code];
  return meaning === undefined ? String(error) : `${meaning} (${code})`;
}

/** The error `KD_FILE_WRITE` for a failed call of the file system. */
export function writeFault(where: string, path: string, cause: unknown): KdError {
  return new KdError({
    code: 'KD_FILE_WRITE',
    where,
    argument: 'path',
    expected: 'a directory, there or not, that can be written',
    received: `${JSON.stringify(path)}: ${describeFault(cause)}`,
    remedy:
      remedies[codeOf(cause)] ?? 'Look at the cause; an earlier model in this directory is still complete.',
    cause,
  });
}

/** The error `KD_FILE_READ`: what `file` must be, what it is, and why if there is a cause. */
export function readFault(
  where: string,
  file: string,
  {
    expected,
    received,
    remedy,
    cause,
  }: { expected: string; received: string; remedy: string; cause?: unknown },
): KdError {
  return new KdError({ code: 'KD_FILE_READ', where, argument: file, expected, received, remedy, cause });
}

/** The error `KD_FILE_READ` for a failed call of the file system. */
export function accessFault(where: string, file: string, cause: unknown): KdError {
  const isDenied = ['EACCES', 'EPERM'].includes(codeOf(cause));
  return readFault(where, file, {
    expected: 'a readable file',
    received: describeFault(cause),
    remedy: isDenied
      ? 'Change the permissions, or choose another path.'
      : 'Pass the directory of a model that model.save wrote.',
    cause,
  });
}

/** The code of a failed call of the file system, `ENOENT`; empty for another error. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '';
}
