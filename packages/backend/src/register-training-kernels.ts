import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import { fusedByParts } from './matmul/fused-by-parts.js';
import { withExplicitTransposes } from './matmul/with-explicit-transposes.js';

/** The kernels of one backend that a call of `registerTrainingKernels` registered. */
export interface RegisteredKernels {
  /** The tfjs name of the backend. */
  readonly backend: string;
  /** The tfjs names of the kernels. */
  readonly kernels: readonly string[];
}

const backend = 'wasm';

// Symbol.for is shared by all copies of this file in a process: a kernel is not wrapped twice.
const marker = Symbol.for('@kd/backend/training-kernel');

/**
 * Makes the loaded backends fit to train dense nets: matrix products with a transposed operand, which is what the gradients of
 * a dense layer are, run about ten times faster on wasm.
 *
 * On wasm the kernels `BatchMatMul` and `_FusedMatMul` are replaced by ones that transpose explicitly and then call the stock
 * kernel, whose fast path takes no transposed operand. Two faults of the stock kernels go with it: a product with a reshaped
 * tensor that multiplies by the original, and a bias that is added wrongly to a batch or to transposed operands. Call it once,
 * after the import of the backend and before or after its start; importing this package registers nothing.
 *
 * @returns what this call registered; empty if the wasm backend is not loaded or the kernels are there already
 *
 * @example
 * ```ts
 * import { registerTrainingKernels } from '@kd/backend';
 * import '@tensorflow/tfjs-backend-wasm';
 * import { matMul, setBackend, tensor2d } from '@tensorflow/tfjs-core';
 * const registered = registerTrainingKernels();
 * await setBackend('wasm');
 * const x = tensor2d([[1, 2], [3, 4]]);
 * console.log(Array.from(await matMul(x, x, true, false).data()).join(' '));
 * // 10 14 14 20
 * console.log(registered.length <= 1, registerTrainingKernels().length);
 * // true 0
 * ```
 */
export function registerTrainingKernels(): RegisteredKernels[] {
  const kernels = ['BatchMatMul', '_FusedMatMul'].filter((name) => {
    const stock = find(name);
    if (stock === undefined || Reflect.get(stock, marker) === true) return false;
    unregisterKernel(name, backend);
    // The set-up of the stock kernel stays: it binds the function that the new kernel calls when the backend starts.
    registerKernel(Object.assign({ ...stock, kernelFunc: improved(stock) }, { [marker]: true }));
    return true;
  });
  return kernels.length === 0 ? [] : [{ backend, kernels }];
}

function improved({ kernelName, kernelFunc: fast }: KernelConfig): KernelFunc {
  const kernel = (name: string): KernelFunc => getKernel(name, backend).kernelFunc;
  const transpose = kernel('Transpose');
  // A bias runs along the columns of the product, which a mirrored product has as rows.
  return kernelName === '_FusedMatMul'
    ? withExplicitTransposes({ fast, slow: fusedByParts(fast, kernel), transpose }, ['stock', 'straight'])
    : withExplicitTransposes({ fast, slow: fast, transpose }, ['stock', 'straight', 'mirrored']);
}

function find(kernel: string): KernelConfig | undefined {
  return getKernel(kernel, backend);
}
