import { existsSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { KdError } from '@kd/core';
import { buildAddon, findCompiler, tryCompiler } from './addon.js';
import { cacheEntry, checkDiskSpace, publishEntry, takePartialEntry } from './cache/entry.js';
import { checkDirectory, isWhole, writeManifest } from './cache/manifest.js';
import { withFileFaults } from './faults.js';
import { checkPlatform, thisPlatform } from './options.js';
import type { InstallOptions } from './options.js';
import { findPython } from './pip.js';
import type { Progress } from './progress.js';
import { findTfjsPackage, linkPackage, tryPackage } from './tfjs-package.js';
import type { TfjsPackage } from './tfjs-package.js';
import { downloadWheel } from './wheel/download.js';
import { cudaRequirements } from './wheel/requirements.js';
import type { Requirement } from './wheel/requirements.js';
import { unpackWheel } from './wheel/unpack.js';

/** The result of an installation. */
export interface Installed {
  readonly tfjs: TfjsPackage;
  /** The version that TensorFlow reports. */
  readonly tensorflow: string;
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
  /** Whether it came from the cache. */
  readonly cached: boolean;
}

/**
 * Makes the tfjs-node visible from `directory` use TensorFlow: builds what the cache lacks, links it, and
 * tests it.
 */
export async function installNative(
  options: InstallOptions,
  directory: string,
  progress: Progress,
): Promise<Installed> {
  const platform = thisPlatform();
  checkPlatform(platform);
  const tfjs = findTfjsPackage(options.gpu, directory);
  const entry = join(options.cache, cacheEntry(tfjs, options, platform));
  const cached = await withFileFaults(
    options.cache,
    'Change its permissions, or choose another directory with --cache.',
    () => fillCache(entry, tfjs, options, progress),
  );
  progress.step(`Linking ${tfjs.name}`);
  await withFileFaults(tfjs.directory, 'Change its permissions, or run this as its owner.', () =>
    linkPackage(tfjs, entry),
  );
  return { tfjs, cached, ...(await tryPackage(tfjs, entry)) };
}

/** Builds an entry unless the cache has it; returns whether the cache had it. */
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

/** Downloads and builds a cache entry, reusing the wheels that an interrupted run left. */
async function makeEntry(
  entry: string,
  tfjs: TfjsPackage,
  options: InstallOptions,
  progress: Progress,
): Promise<void> {
  const python = await findPython(options.python);
  const compiler = await findCompiler(process.env);
  const cache = dirname(entry);
  const partial = await takePartialEntry(cache, basename(entry));
  await tryCompiler(compiler, partial);
  await checkDiskSpace(cache, options.gpu, partial);
  const [tensorflow, ...pinnedCuda] = options.wheels;
  await addWheel(python, tensorflow, partial, progress);
  for (const requirement of await cudaOf(options, pinnedCuda, partial)) {
    await addWheel(python, requirement, partial, progress);
  }
  progress.step(`Building ${tfjs.name} ${tfjs.version}`);
  await buildAddon(compiler, tfjs, partial);
  for (const name of await readdir(partial)) {
    if (!['deps', 'lib'].includes(name)) await rm(join(partial, name), { recursive: true });
  }
  await writeManifest(partial);
  await publishEntry(partial, entry);
}

// Another version of TensorFlow needs other versions of CUDA, and lists them.
async function cudaOf(
  { gpu }: InstallOptions,
  pinned: readonly Requirement[],
  partial: string,
): Promise<readonly Requirement[]> {
  if (!gpu || pinned.length > 0) return pinned;
  return cudaRequirements(await readFile(join(partial, 'METADATA'), 'utf8'));
}

// Keep the wheel until everything is built: after an interruption its hash can be checked, while unpacked
// files cannot.
async function addWheel(
  python: string,
  requirement: Requirement,
  partial: string,
  progress: Progress,
): Promise<void> {
  const wheel = await downloadWheel(python, requirement, partial, progress);
  progress.step(`Unpacking ${requirement.name}`);
  try {
    await unpackWheel(wheel, partial, progress.advance);
  } catch (error) {
    // Delete it, so that the next run downloads it again.
    if (KdError.isInstance(error)) await rm(dirname(wheel), { recursive: true });
    throw error;
  }
}
