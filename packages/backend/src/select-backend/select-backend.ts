import { chooseBackend } from './choose-backend.js';
import type { SelectBackendOptions, SelectedBackend } from './choose-backend.js';
import { nodeCandidates } from './node-candidates.js';

/**
 * Selects the fastest installed backend that can really train, makes it the current one, and makes it fit for
 * training.
 *
 * It tries, in order: `@tensorflow/tfjs-node-gpu` with a GPU; `@tensorflow/tfjs-backend-webgpu` with the
 * package `webgpu` and a hardware adapter; tfjs-node-gpu or `@tensorflow/tfjs-node` on the processor;
 * `@tensorflow/tfjs-backend-wasm` on several threads; `@tensorflow/tfjs-backend-cpu`. A package is imported
 * only when its turn comes. A backend qualifies if it starts and multiplies two matrices correctly, each
 * within 30 seconds, and has every kernel that training the model needs. `registerTrainingKernels` is called
 * for you. Threads end with the process and do not keep it alive.
 *
 * @param options `prefer`: `"tensorflow"`, `"webgpu"`, `"wasm"`, `"cpu"`, tried before the others in this
 *   order; `require`: the only one to try, which for WebGPU allows software; `model`: a built model that the
 *   backend must be able to train; `threads`: the number of threads of tfjs-node or
 *   wasm
 * @returns name, package and device of the backend, and which packages were skipped and why
 * @throws `KD_BACKEND_UNAVAILABLE` if the required backend, or every backend, is missing or does not work;
 *   the previous backend is then current again; `KD_OPTION_TYPE` for an unknown name or both `prefer` and
 *   `require`; `KD_OPTION_RANGE` for fewer threads than 1, and for `threads` if tfjs-node is already loaded
 *   with another number, which nothing can change then; `KD_MODEL_UNSUPPORTED` for a model that is not
 *   built; `KD_OPTION_UNKNOWN` for an unknown option
 *
 * @example
 * ```ts
 * import { selectBackend } from '@kd/backend/node';
 * const { name, package: from, device } = await selectBackend({ prefer: ['wasm'], threads: 2 });
 * console.log(name, from, device);
 * // wasm @tensorflow/tfjs-backend-wasm processor, 2 threads
 * ```
 */
export async function selectBackend(options: SelectBackendOptions = {}): Promise<SelectedBackend> {
  return chooseBackend(nodeCandidates, options, true);
}
