import { env, matMul, ready, setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Candidate } from './candidates.js';
import { importPackage } from './import-package.js';

/** The reason of a package that is absent. */
export const notInstalled = 'not installed';

/** Imports the package, makes its backend the current one and lets it compute; the reason if any of these fails. */
export async function tryBackend(candidate: Candidate): Promise<string | undefined> {
  try {
    await importPackage(candidate.package);
  } catch (error) {
    return isAbsent(error, candidate.package) ? notInstalled : `its import failed: ${firstLine(error)}`;
  }
  try {
    if (!(await setBackend(candidate.name))) return 'tfjs could not start it';
    await ready();
    return (await computesRightly()) ? undefined : 'it computes wrong values';
  } catch (error) {
    return `it does not compute: ${firstLine(error)}`;
  }
}

// A native addon that does not fit this Node starts, and fails at the first kernel.
async function computesRightly(): Promise<boolean> {
  const product = silently(() => tidy(() => matMul(tensor2d([[1, 2]]), tensor2d([[3], [4]]))));
  try {
    return (await product.data())[0] === 11;
  } finally {
    product.dispose();
  }
}

// At its first tensor the cpu backend advises to install tfjs-node, which has just been tried. PROD only silences warnings, and
// is put back before anything else can run.
function silently(body: () => Tensor): Tensor {
  const production = env().getBool('PROD');
  env().set('PROD', true);
  try {
    return body();
  } finally {
    env().set('PROD', production);
  }
}

function isAbsent(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  // A package that is there but lacks one of its own dependencies has the same code.
  return missing && error.message.includes(`'${name}'`);
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .trim()
    .split('\n', 1)
    .join('');
}
