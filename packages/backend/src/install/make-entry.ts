import { readFile, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { KdError } from '@kd/core';
import { buildAddon } from './build-addon.js';
import { findCompiler, tryCompiler } from './compiler.js';
import { checkDiskSpace } from './disk-space.js';
import { downloadWheel } from './download-wheel.js';
import type { InstallOptions } from './install-options.js';
import { writeManifest } from './manifest.js';
import { publishEntry, takePartialEntry } from './partial-entry.js';
import type { Progress } from './progress.js';
import { findPython } from './python.js';
import { cudaRequirements } from './requirement.js';
import type { Requirement } from './requirement.js';
import type { TfjsPackage } from './tfjs-package.js';
import { unpackWheel } from './unpack-wheel.js';

// What others need of it.
const parts = ['deps', 'lib'];

/** Downloads and builds an entry of the cache, going on from where an interrupted run stopped. */
export async function makeEntry(
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
    if (!parts.includes(name)) await rm(join(partial, name), { recursive: true });
  }
  await writeManifest(partial);
  await publishEntry(partial, entry);
}

// Another version of TensorFlow wants other versions of CUDA, and says which.
async function cudaOf(
  { gpu }: InstallOptions,
  pinned: readonly Requirement[],
  partial: string,
): Promise<readonly Requirement[]> {
  if (!gpu || pinned.length > 0) return pinned;
  return cudaRequirements(await readFile(join(partial, 'METADATA'), 'utf8'));
}

// The wheel stays until all is built: of an interrupted run it is what can be checked, and what was unpacked of it is not.
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
    // Not to be met again by the next run.
    if (KdError.isInstance(error)) await rm(dirname(wheel), { recursive: true });
    throw error;
  }
}
