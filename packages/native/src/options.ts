import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import process from 'node:process';
import { describeValue } from '@kd/core';
import { fault } from './faults.js';
import { pinnedVersion, pinnedWheels } from './wheel/requirements.js';
import type { PinnedWheels, Wheels } from './wheel/requirements.js';

/** What to install, and where. */
export interface InstallOptions {
  /** Whether to install tfjs-node-gpu, against the build with CUDA. */
  readonly gpu: boolean;
  /** A released version of TensorFlow. */
  readonly tensorflow: string;
  /** The wheels of TensorFlow that pip downloads, and those of CUDA if they are known in advance. */
  readonly wheels: Wheels;
  /** The Python to use; undefined to search for one. */
  readonly python: string | undefined;
  /** The directory that keeps the builds. */
  readonly cache: string;
}

/** The options of the command line; each may be absent. */
export interface InstallArguments {
  readonly gpu?: boolean;
  readonly tensorflow?: string;
  readonly python?: string;
  readonly cache?: string;
}

// The first release whose wheels for this Python version hold TensorFlow as a library that others can link
// to.
const oldest = [2, 16] as const;

/**
 * Fills in the defaults; `environment` shows where the user keeps caches.
 *
 * Throws `KD_OPTION_RANGE` for a version before 2.16, `KD_OPTION_TYPE` for an empty path.
 */
export function installOptions(
  given: InstallArguments,
  environment: NodeJS.ProcessEnv,
  pinned: PinnedWheels = pinnedWheels,
): InstallOptions {
  const { gpu = false, tensorflow = pinnedVersion, python, cache } = given;
  checkVersion(tensorflow);
  // An unset shell variable leaves an empty path on the command line; it does not mean the working directory.
  checkPath('--python', python);
  checkPath('--cache', cache);
  const unpinned: Wheels = [{ name: gpu ? 'tensorflow' : 'tensorflow-cpu', versions: `==${tensorflow}` }];
  return {
    gpu,
    tensorflow,
    wheels: tensorflow === pinnedVersion ? pinned[gpu ? 'gpu' : 'cpu'] : unpinned,
    python,
    cache: cache === undefined ? join(cachesOf(environment), 'kd-native') : resolve(cache),
  };
}

function checkVersion(version: string): void {
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+(?:rc\d+)?$/.exec(version) ?? [];
  const isOld = Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]);
  if (major !== undefined && !isOld) return;
  throw fault({
    code: 'KD_OPTION_RANGE',
    argument: '--tensorflow',
    expected: `a TensorFlow version from ${oldest.join('.')}.0 on`,
    received: describeValue(version),
    remedy: `Leave it out to use ${pinnedVersion}, the tested version.`,
  });
}

function checkPath(argument: string, path: string | undefined): void {
  if (path !== '') return;
  throw fault({
    code: 'KD_OPTION_TYPE',
    argument,
    expected: 'a non-empty path',
    received: describeValue(path),
    remedy: 'Pass a path, or leave it out for the default.',
  });
}

// According to its specification, a relative XDG_CACHE_HOME is ignored.
function cachesOf({ XDG_CACHE_HOME: caches = '' }: NodeJS.ProcessEnv): string {
  return isAbsolute(caches) ? caches : join(homedir(), '.cache');
}

/** The facts that decide whether TensorFlow's library runs on a machine. */
export interface Platform {
  readonly system: string;
  readonly processor: string;
  /** Its version of glibc; undefined for another C library, such as musl. */
  readonly glibc: string | undefined;
}

/** This machine. */
export function thisPlatform(): Platform {
  const { header } = process.report.getReport() as {
    readonly header: { readonly glibcVersionRuntime?: string };
  };
  return { system: process.platform, processor: process.arch, glibc: header.glibcVersionRuntime };
}

/** Throws `KD_PLATFORM_UNSUPPORTED` unless it is Linux on x64 with glibc. */
export function checkPlatform({ system, processor, glibc }: Platform): void {
  if (system === 'linux' && processor === 'x64' && glibc !== undefined) return;
  const isMusl = system === 'linux' && glibc === undefined;
  let remedy = 'Use the backends webgpu and wasm, which need no installation.';
  if (isMusl) remedy = 'Use an image with glibc (Debian, Ubuntu) instead of Alpine, or the backend wasm.';
  if (system === 'win32') remedy = 'Use WSL 2, or the backends webgpu and wasm, which need no installation.';
  throw fault({
    code: 'KD_PLATFORM_UNSUPPORTED',
    argument: 'the platform',
    expected: 'Linux on x64 with glibc, the only platform that has TensorFlow wheels with its C library',
    received: `${system} on ${processor}${isMusl ? ' without glibc' : ''}`,
    remedy,
  });
}
