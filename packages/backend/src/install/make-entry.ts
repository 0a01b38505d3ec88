import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KdError } from '@kd/core';
import { buildAddon } from './build-addon.js';
import { findCompiler } from './compiler.js';
import { checkDiskSpace } from './disk-space.js';
import { downloadWheel } from './download-wheel.js';
import type { InstallOptions } from './install-options.js';
import { writeManifest } from './manifest.js';
import { publishEntry, takePartialEntry } from './partial-entry.js';
import { pinnedCpu, pinnedGpu, pinnedVersion } from './pinned-wheels.js';
import type { Progress } from './progress.js';
import { findPython } from './python.js';
import { cudaRequirements } from './requirement.js';
import type { Requirement } from './requirement.js';
import type { TfjsPackage } from './tfjs-package.js';
import { unpackWheel } from './unpack-wheel.js';

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
  await checkDiskSpace(cache, options.gpu, partial);
  await mkdir(join(partial, 'done'), { recursive: true });
  const [tensorflow, ...pinnedCuda] = requirementsOf(options);
  await addWheel(python, tensorflow, partial, progress);
  for (const requirement of await cudaOf(options, pinnedCuda, partial)) {
    await addWheel(python, requirement, partial, progress);
  }
  progress.step(`Building ${tfjs.name} ${tfjs.version}`);
  await buildAddon(compiler, tfjs, partial);
  // `done` first: it says that the others are there.
  for (const name of ['done', 'include', 'METADATA', 'wheels', 'incoming', 'pip'])
    await rm(join(partial, name), { recursive: true, force: true });
  await writeManifest(partial);
  await publishEntry(partial, entry);
}

function requirementsOf({ gpu, tensorflow }: InstallOptions): readonly [Requirement, ...Requirement[]] {
  if (tensorflow === pinnedVersion) return gpu ? pinnedGpu : pinnedCpu;
  return [{ name: gpu ? 'tensorflow' : 'tensorflow-cpu', versions: `==${tensorflow}` }];
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

async function addWheel(
  python: string,
  requirement: Requirement,
  partial: string,
  progress: Progress,
): Promise<void> {
  const done = join(partial, 'done', requirement.name);
  if (existsSync(done)) return;
  const wheel = await downloadWheel(python, requirement, partial, progress);
  progress.step(`Unpacking ${requirement.name}`);
  try {
    await unpackWheel(wheel, partial, progress.advance);
  } catch (error) {
    // Not to be met again by the next run.
    if (KdError.isInstance(error)) await rm(dirname(wheel), { recursive: true });
    throw error;
  }
  await writeFile(done, '');
  await rm(dirname(wheel), { recursive: true });
}
