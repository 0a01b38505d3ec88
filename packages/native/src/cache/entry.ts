import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { isGone } from '@kd/files';
import { diskFull } from '../faults.js';
import type { InstallOptions, Platform } from '../options.js';
import type { TfjsPackage } from '../tfjs-package.js';
import { isWhole } from './manifest.js';

const day = 86_400_000;
// Whatever the process's mask: what others can write is refused later.
const forOwner = 0o755;
// The libraries and the wheels, and the largest wheel once more: pip moves it to its place by copying.
const needed = { cpu: 1.5e9, gpu: 9e9 } as const;

/** The name of an entry of the cache: everything that decides what is in it. */
export function cacheEntry(
  { name, version, napi }: TfjsPackage,
  { gpu, tensorflow }: Pick<InstallOptions, 'gpu' | 'tensorflow'>,
  { system, processor }: Platform,
): string {
  const tfjs = name.slice(name.indexOf('/') + 1);
  const variant = gpu ? 'gpu' : 'cpu';
  return `${tfjs}-${version}-tensorflow-${tensorflow}-${variant}-napi-v${String(napi)}-${system}-${processor}`;
}

/**
 * Makes the directory in which an entry is built, with the wheels that an interrupted run of the same entry left; returns its path.
 *
 * Only wheels have a hash that is known beforehand, so nothing else is taken over, and what other interrupted runs left is removed. The
 * name says which machine and process a run belongs to, so that one under way is left alone.
 */
export async function takePartialEntry(cache: string, entry: string): Promise<string> {
  await mkdir(cache, { recursive: true, mode: forOwner });
  const own = join(cache, partialName(entry));
  for (const name of await readdir(cache)) {
    if (!(await isAbandoned(cache, name))) continue;
    const left = join(cache, name);
    // Only one of several processes succeeds in renaming.
    if (name.startsWith(`${entry}.partial-`) && (await rename(left, own).then(...succeeded))) continue;
    await rm(left, { recursive: true, force: true });
  }
  await mkdir(own, { recursive: true, mode: forOwner });
  for (const left of await readdir(own, { withFileTypes: true })) {
    if (left.name !== 'wheels' || !left.isDirectory()) await rm(join(own, left.name), { recursive: true });
  }
  return own;
}

/** Throws `KD_DISK_FULL` unless a directory has room for what is still to be written there beside `partial`. */
export async function checkDiskSpace(directory: string, gpu: boolean, partial: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const missing = (gpu ? needed.gpu : needed.cpu) - (await bytesIn(partial));
  if (free < missing) throw diskFull(directory, `${inGigabytes(missing)} free`, inGigabytes(free));
}

const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** The bytes of all files below a directory; files that disappear meanwhile count as none. */
export async function bytesIn(directory: string): Promise<number> {
  const files = await readdir(directory, { recursive: true }).catch(() => []);
  const found = await Promise.all(files.map((file) => stat(join(directory, file)).catch(() => undefined)));
  return found.reduce((sum, status) => sum + (status?.isFile() === true ? status.size : 0), 0);
}

/** Moves a finished entry to its place, where it replaces a damaged one; if another process was faster, its entry stays. */
export async function publishEntry(partial: string, entry: string): Promise<void> {
  // A directory that is not empty is not replaced: one of several processes succeeds.
  if (await rename(partial, entry).then(...succeeded)) return;
  if (await isWhole(entry)) {
    await rm(partial, { recursive: true });
    return;
  }
  await rm(entry, { recursive: true, force: true });
  await rename(partial, entry);
}

const succeeded = [() => true, () => false] as const;

function partialName(entry: string): string {
  return `${entry}.partial-${String(process.pid)}-${randomBytes(4).toString('hex')}@${hostname()}`;
}

async function isAbandoned(cache: string, name: string): Promise<boolean> {
  const [, pid, host] = /\.partial-(\d+)-[0-9a-f]{8}@(.*)$/.exec(name) ?? [];
  if (pid === undefined) return false;
  const found = await lstat(join(cache, name)).catch(() => undefined);
  // In a cache that users share, each removes their own only.
  if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) return false;
  // In a container the process that is started again has the id of the killed one.
  if (host === hostname()) return Number(pid) === process.pid || isGone({ host, pid: Number(pid) });
  // Several machines or containers may share a cache, and cannot see each other's processes.
  return Date.now() - found.mtimeMs > day;
}
