import { availableParallelism } from 'node:os';
import { chooseBackend } from './choose-backend.js';
import type { SelectBackendOptions, SelectedBackend } from './choose-backend.js';
import { nodeCandidates } from './node-candidates.js';

/**
 * Makes the fastest backend that is installed and really trains the current one, and fit for training.
 *
 * Tried in order: `@tensorflow/tfjs-node-gpu` with a GPU; `@tensorflow/tfjs-backend-webgpu` with the package `webgpu` and an adapter
 * that is hardware; tfjs-node-gpu or `@tensorflow/tfjs-node` on the processor; `@tensorflow/tfjs-backend-wasm` on several threads;
 * `@tensorflow/tfjs-backend-cpu`. A package is imported only when its turn comes; a backend counts if it starts, multiplies two
 * matrices rightly, each within 30 seconds, and has every kernel that the training of the model needs. `registerTrainingKernels` is called. Threads
 * end with the process and do not keep it alive.
 *
 * @param options `prefer`: `"tensorflow"`, `"webgpu"`, `"wasm"`, `"cpu"`, tried before the others in this order; `require`: the
 *   only one to try, and for WebGPU then in software too; `model`: a built model that it must be able to train; `threads`: of wasm
 * @returns name, package and device of the backend, and what was skipped and why
 * @throws `KD_BACKEND_UNAVAILABLE` if the required backend, or every one, is missing or does not work; the backend of before is
 *   then in force again; `KD_OPTION_TYPE` for another name or both options at once; `KD_OPTION_RANGE` for a number of threads
 *   below 1; `KD_MODEL_UNSUPPORTED` for a model that is not built; `KD_OPTION_UNKNOWN` for another option
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
  return chooseBackend(nodeCandidates, options, availableParallelism());
}
