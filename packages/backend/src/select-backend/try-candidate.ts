import { engine, env, matMul, removeBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { KdError } from '@kd/core';
import { checkTrainable } from '@kd/model';
import { registerTrainingKernels } from '../register-training-kernels.js';
import type { BackendName } from './backend-name.js';
import type { Candidate, StartContext } from './candidate.js';
import { withinSeconds } from './time-limit.js';

/** The reason for a package that is absent. */
export const notInstalled = 'not installed';

// The time limit for drivers that hang or have lost their device.
const secondsToStart = 30;
const secondsToCompute = 30;

interface PendingEngine {
  readonly backendName: string | null;
  readonly pendingBackendInit?: Promise<boolean> | null;
}

/** The device of a backend that started, or why it cannot be used. */
export type Outcome = { readonly device: string } | { readonly reason: string };

/** A package that `selectBackend` tried without success. */
export interface SkippedBackend {
  readonly package: string;
  /** Why: `not installed`, or the fault. */
  readonly reason: string;
}

/**
 * Starts a candidate, makes it fit for training, lets it compute, and lets it train the model if there is
 * one.
 */
export async function tryCandidate(
  candidate: Candidate,
  context: Omit<StartContext, 'signal'>,
  model: LayersModel | undefined,
): Promise<Outcome> {
  const { signal, abort } = aborting();
  let device: string;
  try {
    device = await withinSeconds(secondsToStart, candidate.start({ ...context, signal }));
  } catch (error) {
    abort();
    forgetPending(candidate.name);
    // An option that cannot be met is no reason to try the next package.
    if (KdError.isInstance(error)) throw error;
    return {
      reason: isAbsent(error, candidate.package) ? notInstalled : `it does not start: ${firstLine(error)}`,
    };
  }
  registerTrainingKernels();
  try {
    if (!(await withinSeconds(secondsToCompute, computesRightly())))
      return { reason: 'it computes wrong values' };
    if (model !== undefined) checkTrainable('selectBackend', model);
    return { device };
  } catch (error) {
    if (KdError.isInstance(error)) return { reason: `it cannot train ${error.argument}: ${error.received}` };
    return { reason: `it does not compute: ${firstLine(error)}` };
  }
}

function aborting(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    abort: () => {
      controller.abort();
    },
  };
}

// When a start succeeds, however late, tfjs makes the backend the current one, unless it was removed
// meanwhile.
function forgetPending(name: BackendName): void {
  const { backendName, pendingBackendInit } = engine() as unknown as PendingEngine;
  if (backendName === name && (pendingBackendInit ?? null) !== null) removeBackend(name);
}

// A native addon that does not fit this Node may start, then fail at the first kernel.
async function computesRightly(): Promise<boolean> {
  const product = silently(() => tidy(() => matMul(tensor2d([[1, 2]]), tensor2d([[3], [4]]))));
  try {
    return (await product.data())[0] === 11;
  } finally {
    product.dispose();
  }
}

// At its first tensor the cpu backend advises installing tfjs-node, which was tried just before. PROD only
// silences warnings, and is restored before anything else can run.
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
  const { code } = error as Error & { readonly code?: unknown };
  // If a package was absent at build time, bundlers turn its import into a promise that rejects.
  const missing =
    code === 'ERR_MODULE_NOT_FOUND' ||
    code === 'MODULE_NOT_FOUND' ||
    /could not resolve/i.test(error.message);
  // A package that exists but lacks one of its own dependencies fails with the same code.
  return missing && (error.message.includes(`'${name}'`) || error.message.includes(`"${name}"`));
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .trim()
    .split('\n', 1)
    .join('');
}
