import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import process from 'node:process';
import { describeValue } from '@kd/core';
import { fault } from './faults.js';
import { pinnedVersion, pinnedWheels } from './wheel/requirements.js';
import type { PinnedWheels, Wheels } from './wheel/requirements.js';

/** What is to be installed, and where. */
export interface InstallOptions {
  /** Whether it is tfjs-node-gpu, against the build with CUDA. */
  readonly gpu: boolean;
  /** A released version of TensorFlow. */
  readonly tensorflow: string;
  /** What pip downloads of TensorFlow, and of CUDA where that is known beforehand. */
  readonly wheels: Wheels;
  /** The program of Python to take; undefined for the one that is found. */
  readonly python: string | undefined;
  /** The directory that keeps what was built. */
  readonly cache: string;
}

/** The options of the command line, each of which may be left out. */
export interface InstallArguments {
  readonly gpu?: boolean;
  readonly tensorflow?: string;
  readonly python?: string;
  readonly cache?: string;
}

// The first release whose wheels for this version of Python hold TensorFlow as a library that others can link.
const oldest = [2, 16] as const;

/**
 * Fills in the defaults; `environment` tells where the user keeps caches.
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
  // A shell variable that is not set leaves an empty path on a command line; the working directory is not meant.
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
    expected: `a version of TensorFlow from ${oldest.join('.')}.0`,
    received: describeValue(version),
    remedy: `Leave it out for ${pinnedVersion}, with which this is tested.`,
  });
}

function checkPath(argument: string, path: string | undefined): void {
  if (path !== '') return;
  throw fault({
    code: 'KD_OPTION_TYPE',
    argument,
    expected: 'a path that is not empty',
    received: describeValue(path),
    remedy: 'Give a path, or leave it out for the default.',
  });
}

// A relative XDG_CACHE_HOME counts as none, says its specification.
function cachesOf({ XDG_CACHE_HOME: caches = '' }: NodeJS.ProcessEnv): string {
  return isAbsolute(caches) ? caches : join(homedir(), '.cache');
}

/** What decides whether TensorFlow's library runs on a machine. */
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
  if (isMusl) remedy = 'Take an image with glibc (Debian, Ubuntu) instead of Alpine, or the backend wasm.';
  if (system === 'win32') remedy = 'Use WSL 2, or the backends webgpu and wasm, which need no installation.';
  throw fault({
    code: 'KD_PLATFORM_UNSUPPORTED',
    argument: 'the platform',
    expected: 'Linux on x64 with glibc, for which there are wheels of TensorFlow with its C library',
    received: `${system} on ${processor}${isMusl ? ' without glibc' : ''}`,
    remedy,
  });
}
