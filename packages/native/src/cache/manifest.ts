import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Stats } from 'node:fs';
import { lstat, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import process from 'node:process';
import { KdError } from '@kd/core';
import { codeOf } from '@kd/files';
import { fault } from '../faults.js';

// Increase this when the content of an entry or the way it is built changes.
const format = 3;
const file = 'manifest.json';

interface FileSeal {
  readonly bytes: number;
  readonly sha256: string;
}

interface Manifest {
  readonly format: number;
  /** Each file of the entry, by path. */
  readonly files: Readonly<Record<string, FileSeal>>;
}

/** Writes the manifest of a cache entry; nothing is written to the entry afterwards. */
export async function writeManifest(directory: string): Promise<void> {
  const files: Record<string, FileSeal> = {};
  for (const [path, bytes] of await filesIn(directory)) {
    files[path] = { bytes, sha256: await sha256Of(join(directory, path)) };
  }
  const manifest: Manifest = { format, files };
  await writeFile(join(directory, file), JSON.stringify(manifest, undefined, 2), { mode: 0o644 });
}

/**
 * Whether a cache entry exists, has this format, and holds exactly the files of its manifest, with the right
 * content.
 *
 * Reads every file. Throws `KD_CACHE_UNTRUSTED` if another user can change any part.
 */
export async function isWhole(
  directory: string,
  advance: (share: number) => void = () => undefined,
): Promise<boolean> {
  try {
    const present = await filesIn(directory);
    const manifest = JSON.parse(await readFile(join(directory, file), 'utf8')) as Manifest;
    if (manifest.format !== format) return false;
    const sealed = Object.entries(manifest.files);
    // Compare lengths first: that is cheap.
    if (present.size !== sealed.length) return false;
    if (!sealed.every(([path, { bytes }]) => present.get(path) === bytes)) return false;
    return await haveTheirContents(directory, sealed, advance);
  } catch (error) {
    if (KdError.isInstance(error)) throw error;
    return false;
  }
}

async function haveTheirContents(
  directory: string,
  sealed: readonly (readonly [string, FileSeal])[],
  advance: (share: number) => void,
): Promise<boolean> {
  const total = sealed.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  let read = 0;
  for (const [path, { sha256 }] of sealed) {
    const found = await sha256Of(join(directory, path), (bytes) => {
      read += bytes;
      advance(read / total);
    });
    if (found !== sha256) return false;
  }
  return true;
}

/**
 * The size of each file of an entry except its manifest, by path. A link counts too, with a length that no
 * file has.
 */
async function filesIn(directory: string): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  // With types: without them, links to directories are followed.
  for (const { parentPath, name } of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const whole = join(parentPath, name);
    const path = relative(directory, whole);
    const status = await lstat(whole);
    // The permissions of a link itself mean nothing.
    if (!status.isSymbolicLink()) checkTrusted(whole, status);
    if (!status.isDirectory() && path !== file) found.set(path, status.isFile() ? status.size : -1);
  }
  return found;
}

// Pieces larger than a stream's 64 kB: reading 0.8 GB takes half the time.
const piece = 2 ** 20;

/** The SHA-256 of a file in hexadecimal; `onBytes` is called with the number of bytes just read. */
export async function sha256Of(
  file: string,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: piece })) {
    hash.update(chunk as Buffer);
    onBytes((chunk as Buffer).length);
  }
  return hash.digest('hex');
}

const writableByAll = 0o002;
// In a directory with this bit, such as /tmp, users cannot remove or rename the files of others.
const sticky = 0o1000;
const root = 0;

/**
 * Throws `KD_CACHE_UNTRUSTED` if anyone but `user` and root can change the file or directory, because its
 * content is executed.
 */
export function checkTrusted(
  path: string,
  { uid, mode }: Pick<Stats, 'uid' | 'mode'>,
  user: number | undefined = process.getuid?.(),
): void {
  if (user === undefined) return;
  if (uid !== user && uid !== root)
    throw untrusted(
      path,
      `a path of user ${String(uid)}`,
      'Run this as its owner, change its owner to root,',
    );
  if ((mode & writableByAll) !== 0 && (mode & sticky) === 0)
    throw untrusted(path, 'a path that every user can write', 'Remove that permission (chmod o-w),');
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
  return fault({
    code: 'KD_CACHE_UNTRUSTED',
    argument: JSON.stringify(path),
    expected: 'a path that only you and root can write, because programs in it are executed',
    received,
    remedy: `${remedy} or choose another directory with --cache.`,
  });
}
