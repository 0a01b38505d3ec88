import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { KdError, describeValue } from '@kd/core';
import { where } from './where.js';
import { pinnedVersion, pinnedWheels } from './pinned-wheels.js';
import type { PinnedWheels } from './pinned-wheels.js';
import type { Requirement } from './requirement.js';

/** What is to be installed, and where. */
export interface InstallOptions {
  /** Whether it is tfjs-node-gpu, against the build with CUDA. */
  readonly gpu: boolean;
  /** A released version of TensorFlow. */
  readonly tensorflow: string;
  /** What pip downloads of TensorFlow, and of CUDA where that is known beforehand. */
  readonly wheels: readonly [Requirement, ...Requirement[]];
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
  // A variable that is not set leaves such a one on a command line; the working directory is not meant.
  checkPath('--python', python);
  checkPath('--cache', cache);
  return {
    gpu,
    tensorflow,
    wheels: tensorflow === pinnedVersion ? pinned[gpu ? 'gpu' : 'cpu'] : [unpinned(gpu, tensorflow)],
    python,
    cache: cache === undefined ? join(cachesOf(environment), 'kd-backend') : resolve(cache),
  };
}

function checkVersion(version: string): void {
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+(?:rc\d+)?$/.exec(version) ?? [];
  const isOld = Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]);
  if (major !== undefined && !isOld) return;
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: '--tensorflow',
    expected: `a version of TensorFlow from ${oldest.join('.')}.0`,
    received: describeValue(version),
    remedy: `Leave it out for ${pinnedVersion}, with which this is tested.`,
  });
}

function checkPath(argument: string, path: string | undefined): void {
  if (path !== '') return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: 'a path that is not empty',
    received: describeValue(path),
    remedy: 'Give a path, or leave it out for the default.',
  });
}

function unpinned(gpu: boolean, tensorflow: string): Requirement {
  return { name: gpu ? 'tensorflow' : 'tensorflow-cpu', versions: `==${tensorflow}` };
}

// A relative XDG_CACHE_HOME counts as none, says its specification.
function cachesOf({ XDG_CACHE_HOME: caches = '' }: NodeJS.ProcessEnv): string {
  return isAbsolute(caches) ? caches : join(homedir(), '.cache');
}
