import { browserCandidates } from './browser-candidates.js';
import { chooseBackend } from './choose-backend.js';
import type { SelectBackendOptions, SelectedBackend } from './choose-backend.js';

/**
 * Makes the fastest backend that a browser has and that really trains the current one, and fit for training; under Node use the
 * one of `@kd/backend/node`.
 *
 * Tried in order: `@tensorflow/tfjs-backend-webgpu` with an adapter that is hardware, `@tensorflow/tfjs-backend-wasm`,
 * `@tensorflow/tfjs-backend-webgl`, `@tensorflow/tfjs-backend-cpu`. Tell wasm before where its files are: `setWasmPaths`. Its
 * threads are those that tfjs gives it. One that has not started, or not computed, after 30 seconds is passed over.
 *
 * @param options `prefer`, `require` and `model` as those of `@kd/backend/node`; `threads` is not for browsers
 * @returns name, package and device of the backend, and what was skipped and why
 * @throws as that of `@kd/backend/node`; `KD_OPTION_UNKNOWN` for `threads`
 *
 * @example
 * ```ts
 * import { selectBackend } from '@kd/backend';
 * const { name } = await selectBackend({ require: 'cpu' });
 * console.log(name);
 * // cpu
 * ```
 */
export async function selectBackend(
  options: Omit<SelectBackendOptions, 'threads'> = {},
): Promise<SelectedBackend> {
  return chooseBackend(browserCandidates, options);
}
