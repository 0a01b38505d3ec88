import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cpuPackage, gpuPackage } from '../tensorflow/tfjs-packages.js';
import { cacheEntry } from './cache-entry.js';
import { withFileFaults } from './file-faults.js';
import type { InstallOptions } from './install-options.js';
import { linkPackage } from './link-package.js';
import { makeEntry } from './make-entry.js';
import { isWhole } from './manifest.js';
import { checkPlatform, thisPlatform } from './platform.js';
import type { Progress } from './progress.js';
import { checkDirectory } from './trusted.js';
import { findTfjsPackage } from './tfjs-package.js';
import type { TfjsPackage } from './tfjs-package.js';
import { tryPackage } from './try-package.js';

/** What an installation came to. */
export interface Installed {
  readonly tfjs: TfjsPackage;
  /** The version of TensorFlow that answered. */
  readonly tensorflow: string;
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
  /** Whether the cache had it. */
  readonly cached: boolean;
}

/** Makes the tfjs-node that `directory` sees compute with TensorFlow: builds what the cache lacks, links it, and tries it. */
export async function installNative(
  options: InstallOptions,
  directory: string,
  progress: Progress,
): Promise<Installed> {
  const platform = thisPlatform();
  checkPlatform(platform);
  const tfjs = findTfjsPackage(options.gpu ? gpuPackage : cpuPackage, directory);
  const entry = join(options.cache, cacheEntry(tfjs, options, platform));
  const cached = await withFileFaults(
    options.cache,
    'Change its permissions, or choose another with --cache.',
    () => fillCache(entry, tfjs, options, progress),
  );
  progress.step(`Linking ${tfjs.name}`);
  await withFileFaults(tfjs.directory, 'Change its permissions, or run this as its owner.', () =>
    linkPackage(tfjs.directory, entry),
  );
  return { tfjs, cached, ...(await tryPackage(tfjs, entry)) };
}

/** Makes an entry unless the cache has it; whether it had. */
async function fillCache(
  entry: string,
  tfjs: TfjsPackage,
  options: InstallOptions,
  progress: Progress,
): Promise<boolean> {
  await checkDirectory(options.cache);
  await checkDirectory(entry);
  if (existsSync(entry)) {
    progress.step('Checking the cache');
    if (await isWhole(entry, progress.advance)) return true;
  }
  await makeEntry(entry, tfjs, options, progress);
  return false;
}
