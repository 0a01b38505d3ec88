import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KdError } from '@kd/core';
import { where } from './where.js';
import type { PackageTrial } from './package-trial.js';
import type { TfjsPackage } from './tfjs-package.js';

/** Loads a package in a process of its own and multiplies with it. Throws `KD_BUILD_FAILED` if that fails. */
export async function tryPackage(
  { directory, name }: TfjsPackage,
  entry: string,
): Promise<{ readonly tensorflow: string; readonly gpu: boolean }> {
  const outcome = await trialOf(directory);
  if (!('fault' in outcome)) return outcome;
  throw new KdError({
    code: 'KD_BUILD_FAILED',
    where,
    argument: name,
    expected: 'a package that loads and computes',
    received: outcome.fault,
    remedy: `Delete ${JSON.stringify(entry)} and run the same command, which builds it anew, or pass another version with --tensorflow.`,
  });
}

function trialOf(directory: string): Promise<PackageTrial> {
  const file = new URL(`package-trial${extname(import.meta.url)}`, import.meta.url);
  const child = fork(fileURLToPath(file), [directory], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return new Promise((resolve) => {
    child.once('message', (outcome) => {
      resolve(outcome as PackageTrial);
    });
    child.once('exit', (code, signal) => {
      resolve({ fault: `its process ended, ${signal ?? `code ${String(code)}`}: ${errors.trim()}` });
    });
  });
}
