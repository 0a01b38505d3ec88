import { browserCandidates } from './browser-candidates.js';
import { chooseBackend } from './choose-backend.js';
import type { SelectBackendOptions, SelectedBackend } from './choose-backend.js';

/**
 * Selects the fastest backend in a browser that can really train, makes it the current one, and makes it fit
 * for training. Under Node use `selectBackend` from `@kd/backend/node`.
 *
 * It tries, in order: `@tensorflow/tfjs-backend-webgpu` with a hardware adapter,
 * `@tensorflow/tfjs-backend-wasm`, `@tensorflow/tfjs-backend-webgl`, `@tensorflow/tfjs-backend-cpu`. Call
 * `setWasmPaths` first to tell wasm where its files are. tfjs chooses the number of wasm threads. A backend
 * that does not start or compute within 30 seconds is skipped.
 *
 * @param options `prefer`, `require` and `model` as in `@kd/backend/node`; browsers have no `threads`
 * @returns name, package and device of the backend, and which packages were skipped and why
 * @throws as in `@kd/backend/node`; `KD_OPTION_UNKNOWN` for `threads`
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
  return chooseBackend(browserCandidates, options, false);
}
