import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig } from '@tensorflow/tfjs-core';
import { fillIns, improvements } from './wasm-kernels/wasm-kernels.js';

/** The kernels of one backend that a call of `registerTrainingKernels` registered. */
export interface RegisteredKernels {
  /** The tfjs name of the backend. */
  readonly backend: string;
  /** The tfjs names of the kernels. */
  readonly kernels: readonly string[];
}

const backendName = 'wasm';

// Symbol.for is shared by all copies of this file in a process: a kernel is not wrapped twice.
const marker = Symbol.for('@kd/backend/training-kernel');

/**
 * Makes the loaded backends fit for training: on wasm, fills in the kernels that gradients need and stock tfjs lacks, and
 * replaces those that are slow or wrong.
 *
 * Filled in, where the backend has none: `Conv2DBackpropFilter`, `DepthwiseConv2dNativeBackpropFilter`,
 * `DepthwiseConv2dNativeBackpropInput`, `Einsum`, `UnsortedSegmentSum`. Replaced because they are slow: `BatchMatMul`, `_FusedMatMul`,
 * `Conv2DBackpropInput`. Replaced because they give wrong values for some inputs: `Conv2D`, `FusedConv2D`, `DepthwiseConv2dNative`,
 * `FusedDepthwiseConv2D`, `Conv3DBackpropFilterV2`, `Conv3DBackpropInputV2`, `MaxPoolGrad`, `MaxPool3D`, `MaxPool3DGrad`. Call it once,
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
  // Kernels without a backend would be found by nobody, and would keep a later import from registering its own.
  if (find('Identity') === undefined) return [];
  const improved = Object.keys(improvements).filter(improve);
  const filledIn = Object.keys(fillIns).filter(fillIn);
  const kernels = [...improved, ...filledIn];
  return kernels.length === 0 ? [] : [{ backend: backendName, kernels }];
}

function improve(kernelName: string): boolean {
  const stock = find(kernelName);
  const better = improvements[kernelName];
  if (stock === undefined || better === undefined || Reflect.get(stock, marker) === true) return false;
  unregisterKernel(kernelName, backendName);
  // The set-up of the stock kernel stays: it binds the function that the new kernel calls when the backend starts.
  const kernelFunc = better(stock.kernelFunc);
  registerKernel(Object.assign({ ...stock, kernelFunc }, { [marker]: true }));
  return true;
}

function fillIn(kernelName: string): boolean {
  const kernelFunc = fillIns[kernelName];
  if (kernelFunc === undefined || find(kernelName) !== undefined) return false;
  registerKernel({ kernelName, backendName, kernelFunc });
  return true;
}

function find(kernelName: string): KernelConfig | undefined {
  return getKernel(kernelName, backendName);
}
