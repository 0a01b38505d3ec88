import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import process from 'node:process';
import { KdError } from '@kd/core';
import { codeOf } from '../model-directory/file-fault.js';
import { where } from './where.js';

/** What decides who can change a file. */
export type Access = Pick<Stats, 'uid' | 'mode'>;

const writableByAll = 0o002;
// In a directory with this bit nobody removes or renames what belongs to another: /tmp has it.
const sticky = 0o1000;
const root = 0;

/** Throws `KD_CACHE_UNTRUSTED` if another user than `user` and root can change the file or directory; what is in it is executed. */
export function checkTrusted(
  path: string,
  { uid, mode }: Access,
  user: number | undefined = process.getuid?.(),
): void {
  if (user === undefined) return;
  if (uid !== user && uid !== root)
    throw untrusted(path, `one of user ${String(uid)}`, 'Run this as its owner, give it to root,');
  if ((mode & writableByAll) !== 0 && (mode & sticky) === 0)
    throw untrusted(path, 'one that every user can write', 'Take that right away (chmod o-w),');
}

/** `checkTrusted` for a directory that may be absent. */
export async function checkDirectory(path: string): Promise<void> {
  try {
    checkTrusted(path, await stat(path));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function untrusted(path: string, received: string, remedy: string): KdError {
  return new KdError({
    code: 'KD_CACHE_UNTRUSTED',
    where,
    argument: JSON.stringify(path),
    expected: 'a part of the cache that only you and root can write, as programs are run from it',
    received,
    remedy: `${remedy} or choose another directory with --cache.`,
  });
}
