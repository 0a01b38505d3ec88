import { extname } from 'node:path';
import { KdError } from '@kd/core';
import { askProcess } from '../own-process.js';
import { where } from './where.js';
import type { PackageTrial } from './package-trial.js';
import { tailOf } from './run-program.js';
import type { TfjsPackage } from './tfjs-package.js';

// The libraries of CUDA are 5 GB, which may come from a slow disk.
const secondsForTrial = 300;

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

async function trialOf(directory: string): Promise<PackageTrial> {
  const script = new URL(`package-trial${extname(import.meta.url)}`, import.meta.url);
  const outcome = await askProcess<PackageTrial>(script, [directory], secondsForTrial);
  if ('answer' in outcome) return outcome.answer;
  return { fault: `${outcome.ended}: ${tailOf(outcome.errors, 6)}` };
}
