import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { isGone } from '@kd/files';
import { digestOfSources } from '../addon.js';
import { diskFull } from '../faults.js';
import type { InstallOptions, Platform } from '../options.js';
import type { TfjsPackage } from '../tfjs-package.js';
import { isWhole } from './manifest.js';

const day = 86_400_000;
// Ignores the umask, because files that others can write are refused later.
const forOwner = 0o755;
// Libraries and wheels, plus the largest wheel once more, because pip moves it by copying.
const needed = { cpu: 1.5e9, gpu: 9e9 } as const;

/** The name of a cache entry: everything that determines its content. */
export function cacheEntry(
  { name, version, napi }: TfjsPackage,
  { gpu, tensorflow }: Pick<InstallOptions, 'gpu' | 'tensorflow'>,
  { system, processor }: Platform,
): string {
  const tfjs = name.slice(name.indexOf('/') + 1);
  const variant = gpu ? 'gpu' : 'cpu';
  const target = `napi-v${String(napi)}-${system}-${processor}`;
  return `${tfjs}-${version}-tensorflow-${tensorflow}-${variant}-${target}-${digestOfSources()}`;
}

/**
 * Creates the directory for building an entry and returns its path. It starts with the wheels that an
 * interrupted run of the same entry left.
 *
 * Only wheels have a hash known in advance, so nothing else is reused, and other leftovers of interrupted
 * runs are removed. The directory's name contains machine and process, so a build in progress is left alone.
 */
export async function takePartialEntry(cache: string, entry: string): Promise<string> {
  await mkdir(cache, { recursive: true, mode: forOwner });
  const own = join(cache, partialName(entry));
  for (const name of await readdir(cache)) {
    if (!(await isAbandoned(cache, name))) continue;
    const left = join(cache, name);
    // If several processes rename, only one succeeds.
    if (name.startsWith(`${entry}.partial-`) && (await rename(left, own).then(...succeeded))) continue;
    await rm(left, { recursive: true, force: true });
  }
  await mkdir(own, { recursive: true, mode: forOwner });
  for (const left of await readdir(own, { withFileTypes: true })) {
    if (left.name !== 'wheels' || !left.isDirectory()) await rm(join(own, left.name), { recursive: true });
  }
  return own;
}

/**
 * Throws `KD_DISK_FULL` unless the directory has room for everything that must be written besides `partial`.
 */
export async function checkDiskSpace(directory: string, gpu: boolean, partial: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const missing = (gpu ? needed.gpu : needed.cpu) - (await bytesIn(partial));
  if (free < missing) throw diskFull(directory, `${inGigabytes(missing)} free`, inGigabytes(free));
}

const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** The bytes of all files below a directory; files that disappear meanwhile count as zero. */
export async function bytesIn(directory: string): Promise<number> {
  const files = await readdir(directory, { recursive: true }).catch(() => []);
  const found = await Promise.all(files.map((file) => stat(join(directory, file)).catch(() => undefined)));
  return found.reduce((sum, status) => sum + (status?.isFile() === true ? status.size : 0), 0);
}

/**
 * Moves a finished entry into place, replacing a damaged one. If another process was faster, its entry stays.
 */
export async function publishEntry(partial: string, entry: string): Promise<void> {
  // Renaming does not replace a non-empty directory, so only one of several processes succeeds.
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
  // In a shared cache, each user can remove only their own files.
  if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) return false;
  // In a container, a restarted process has the id of the killed one.
  if (host === hostname()) return Number(pid) === process.pid || isGone({ host, pid: Number(pid) });
  // Machines or containers that share a cache cannot see each other's processes.
  return Date.now() - found.mtimeMs > day;
}
