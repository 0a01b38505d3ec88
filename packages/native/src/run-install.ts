import process from 'node:process';
import { KdError } from '@kd/core';
import { installNative } from './install.js';
import { installOptions } from './options.js';
import type { InstallArguments } from './options.js';
import { drawProgress } from './progress.js';
import { pinnedWheels } from './wheel/requirements.js';
import type { PinnedWheels } from './wheel/requirements.js';

/** The command `install`: installs for the current directory, and prints the result. */
export async function runInstall(
  given: InstallArguments,
  pinned: PinnedWheels = pinnedWheels,
): Promise<void> {
  const start = performance.now();
  const progress = drawProgress();
  try {
    const options = installOptions(given, process.env, pinned);
    const { tfjs, tensorflow, gpu } = await installNative(options, process.cwd(), progress);
    progress.stop();
    const device = gpu ? 'a GPU' : 'the processor';
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      `${tfjs.name} ${tfjs.version} computes with TensorFlow ${tensorflow} on ${device} (${seconds} s).`,
    );
  } catch (error) {
    progress.stop();
    if (!KdError.isInstance(error)) throw error;
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  }
}
