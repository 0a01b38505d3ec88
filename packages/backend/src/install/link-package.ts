import { lstat, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes a package use an entry of the cache, in place of what its own script may have downloaded. */
export async function linkPackage(packageDirectory: string, entry: string): Promise<void> {
  // The addon last: tfjs-node looks whether it is there.
  for (const name of ['deps', 'lib']) {
    const link = join(packageDirectory, name);
    const temporary = `${link}.kd-${String(process.pid)}`;
    await rm(temporary, { force: true });
    await symlink(join(entry, name), temporary);
    const present = await lstat(link).catch(() => undefined);
    // A link is replaced by the renaming, a directory is not.
    if (present?.isDirectory() === true) await rm(link, { recursive: true });
    await rename(temporary, link);
  }
}
