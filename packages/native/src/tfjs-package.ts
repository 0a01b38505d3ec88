import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { lstat, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { fault } from './faults.js';
import type { PackageTrial } from './package-trial.js';
import { tailOf } from './run-program.js';

// The CUDA libraries take 5 GB, which may come from a slow disk.
const secondsForTrial = 300;

/** An installed tfjs-node or tfjs-node-gpu. */
export interface TfjsPackage {
  readonly name: string;
  readonly version: string;
  readonly directory: string;
  /** The version of Node-API under which it looks for its addon with this Node. */
  readonly napi: number;
}

/** The package for the processor or for GPUs, as visible from `directory`. Throws `KD_PACKAGE_MISSING`. */
export function findTfjsPackage(gpu: boolean, directory: string): TfjsPackage {
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  const file = resolved(`${name}/package.json`, directory);
  if (file === undefined)
    throw fault({
      code: 'KD_PACKAGE_MISSING',
      argument: name,
      expected: `installed in ${JSON.stringify(directory)}`,
      received: 'no such package',
      remedy: `Install it without its own install script: npm install --ignore-scripts ${name}`,
    });
  const { version, binary } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly version: string;
    readonly binary: { readonly napi_versions: readonly number[] };
  };
  const known = binary.napi_versions.filter((napi) => napi <= Number(process.versions['napi']));
  return { name, version, directory: dirname(file), napi: Math.max(...known) };
}

function resolved(specifier: string, directory: string): string | undefined {
  try {
    return createRequire(join(directory, 'package.json')).resolve(specifier);
  } catch {
    return undefined;
  }
}

/** Makes a package use a cache entry; files that the package's own script downloaded are removed. */
export async function linkPackage({ directory }: TfjsPackage, entry: string): Promise<void> {
  // `lib` comes last, because tfjs-node checks whether the addon exists.
  for (const name of ['deps', 'lib']) {
    const link = join(directory, name);
    const temporary = `${link}.kd-${String(process.pid)}`;
    await rm(temporary, { force: true });
    await symlink(join(entry, name), temporary);
    const present = await lstat(link).catch(() => undefined);
    // Renaming replaces a link, but not a directory.
    if (present?.isDirectory() === true) await rm(link, { recursive: true });
    await rename(temporary, link);
  }
}

/** Loads a package in a separate process and multiplies with it. Throws `KD_BUILD_FAILED` if that fails. */
export async function tryPackage(
  { directory, name }: TfjsPackage,
  entry: string,
  seconds: number = secondsForTrial,
): Promise<{ readonly tensorflow: string; readonly gpu: boolean }> {
  const outcome = await trialOf(directory, seconds);
  if (!('fault' in outcome)) return outcome;
  throw fault({
    code: 'KD_BUILD_FAILED',
    argument: name,
    expected: 'a package that loads and computes',
    received: outcome.fault,
    remedy: `Delete ${JSON.stringify(entry)} and run the same command, which rebuilds it, or pass another version with --tensorflow.`,
  });
}

// Kill the process once it has answered or timed out, whatever it is still doing.
function trialOf(directory: string, seconds: number): Promise<PackageTrial> {
  const script = fileURLToPath(new URL(`package-trial${extname(import.meta.url)}`, import.meta.url));
  const child = fork(script, [directory], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return new Promise((resolve) => {
    const settle = (trial: PackageTrial): void => {
      clearTimeout(limit);
      child.kill('SIGKILL');
      resolve(trial);
    };
    const fail = (ended: string): void => {
      settle({ fault: `${ended}: ${tailOf(errors, 6)}` });
    };
    const limit = setTimeout(() => {
      fail(`it did not answer within ${String(seconds)} seconds`);
    }, seconds * 1000);
    child.once('message', (message) => {
      settle(message as PackageTrial);
    });
    child.once('error', (error) => {
      fail(`it did not start: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      fail(`its process ended, ${signal ?? `code ${String(code)}`}`);
    });
  });
}
