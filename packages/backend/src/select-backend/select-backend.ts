import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { KdError, checkOptions, describeValue } from '@kd/core';
import { registerTrainingKernels } from '../register-training-kernels.js';
import { checkBackendName } from './backend-name.js';
import type { BackendName } from './backend-name.js';
import { candidatesFor } from './candidates.js';
import { tryBackend } from './try-backend.js';
import { unavailable } from './unavailable.js';

/** Options of `selectBackend`. */
export interface SelectBackendOptions {
  /** Backends to try before the others, in this order. Default: none. */
  readonly prefer?: readonly BackendName[];
  /** The only backend to try; not together with `prefer`. Default: whichever works. */
  readonly require?: BackendName;
}

/** A package that `selectBackend` tried in vain. */
export interface SkippedBackend {
  readonly package: string;
  /** Why: `not installed`, or what went wrong. */
  readonly reason: string;
}

/** The backend that is in force after `selectBackend`. */
export interface SelectedBackend {
  /** As tfjs names it: `tensorflow`, `wasm` or `cpu`. */
  readonly name: BackendName;
  /** The package that it comes from. */
  readonly package: string;
  /** What was tried before, in order. */
  readonly skipped: readonly SkippedBackend[];
}

/**
 * Makes the fastest backend that is installed and works the current one, and fit for training.
 *
 * Tried in order: `@tensorflow/tfjs-node-gpu`, `@tensorflow/tfjs-node`, `@tensorflow/tfjs-backend-wasm`,
 * `@tensorflow/tfjs-backend-cpu`. A package is imported only when its turn comes; a backend counts if it starts and multiplies
 * two matrices rightly. Then `registerTrainingKernels` is called.
 *
 * @param options `prefer`: `"tensorflow"`, `"wasm"`, `"cpu"`, tried before the others in this order; `require`: the only one to
 *   try
 * @returns name and package of the backend, and what was skipped and why
 * @throws `KD_BACKEND_UNAVAILABLE` if the required backend, or every one, is missing or does not work; the backend of before is
 *   then in force again; `KD_OPTION_TYPE` for another name or both options at once; `KD_OPTION_UNKNOWN` for another option
 *
 * @example
 * ```ts
 * import { selectBackend } from '@kd/backend/node';
 * const { name, package: from, skipped } = await selectBackend({ prefer: ['wasm'] });
 * console.log(name, from, skipped.length);
 * // wasm @tensorflow/tfjs-backend-wasm 0
 * ```
 */
export async function selectBackend(options: SelectBackendOptions = {}): Promise<SelectedBackend> {
  const where = 'selectBackend';
  checkSelectBackendOptions(where, options);
  const { prefer = [], require } = options;
  const before = getBackend() as string | undefined;
  const skipped: SkippedBackend[] = [];
  for (const candidate of candidatesFor(prefer, require)) {
    const reason = await tryBackend(candidate);
    if (reason === undefined) {
      registerTrainingKernels();
      return { ...candidate, skipped };
    }
    skipped.push({ package: candidate.package, reason });
  }
  if (before !== undefined && before !== getBackend()) await setBackend(before);
  throw unavailable(where, require, skipped);
}

function checkSelectBackendOptions(where: string, options: SelectBackendOptions): void {
  checkOptions(where, options, ['prefer', 'require']);
  const { prefer, require } = options;
  if (require !== undefined) checkBackendName(where, 'options.require', require);
  if (prefer === undefined) return;
  if (!Array.isArray(prefer) || require !== undefined) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'options.prefer',
      expected: 'a list of backends, without options.require beside it',
      received: require === undefined ? describeValue(prefer) : `both, options.require being "${require}"`,
      remedy: 'Prefer backends that the others may stand in for, or require one.',
    });
  }
  prefer.forEach((name, index) => {
    checkBackendName(where, `options.prefer[${String(index)}]`, name);
  });
}
