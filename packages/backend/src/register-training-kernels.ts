import { findBackend, getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import { cpuImprovements } from './cpu-kernels/cpu-kernels.js';
import { lossKernelsOf } from './loss-kernels/loss-kernels.js';
import { registerNativeGradients } from './native-kernels/register-native-gradients.js';
import { backendName as nativeName } from './native-kernels/run-op.js';
import { fillIns, improvements } from './wasm-kernels/wasm-kernels.js';

/** The kernels of one backend that a call of `registerTrainingKernels` registered. */
export interface RegisteredKernels {
  /** The tfjs name of the backend. */
  readonly backend: string;
  /** The tfjs names of the kernels, and of those whose gradient is another one now. */
  readonly kernels: readonly string[];
}

type Improvements = Readonly<Record<string, (stock: KernelFunc) => KernelFunc>>;

const wasmName = 'wasm';
const cpuName = 'cpu';

// Symbol.for is shared by all copies of this file in a process: a kernel is not wrapped twice.
const marker = Symbol.for('@kd/backend/training-kernel');

/**
 * Makes the loaded backends fit for training: on wasm, fills in the kernels that gradients need and stock tfjs lacks, and
 * replaces those that are slow or wrong; on all, replaces those that lose NaN; on tfjs-node, puts gradients of one operation in the place of composed ones.
 *
 * Filled in, where the backend has none: `Conv2DBackpropFilter`, `DepthwiseConv2dNativeBackpropFilter`,
 * `DepthwiseConv2dNativeBackpropInput`, `Einsum`, `UnsortedSegmentSum`. Replaced because they are slow: `BatchMatMul`, `_FusedMatMul`,
 * `Conv2DBackpropInput`. Replaced because they give wrong values for some inputs: `Conv2D`, `FusedConv2D`, `DepthwiseConv2dNative`,
 * `FusedDepthwiseConv2D`, `Conv3DBackpropFilterV2`, `Conv3DBackpropInputV2`, `MaxPoolGrad`, `MaxPool3D`, `MaxPool3DGrad`. Replaced because they
 * make another number of NaN: on wasm `Relu`, `Relu6`, `ClipByValue`, `Maximum`, `Minimum`, `Sign`, `MaxPool`, `AvgPool` and the fused and depthwise ones
 * above, with `Add`, which notes where no NaN can be; on cpu `MaxPool`, `MaxPool3D` and `Sign`; on tfjs-node `MaxPool` and `MaxPool3D`. On
 * tfjs-node, whose backend is "tensorflow": the gradients of activations, biases, batch normalisation, sums and means, and the steps
 * `ResourceApplyAdam` and `ResourceApplyMomentum`; other backends keep theirs, and so does a gradient of a gradient. There `Conv2D`, `FusedConv2D`,
 * `Conv2DBackpropFilter` and `DepthwiseConv2dNativeBackpropFilter` avoid what oneDNN gets wrong. On both: the losses of
 * @kd/soft-target-loss as one kernel each, `SoftTargetLoss`, `HardTargetLoss` and `DistillationLoss`; not on a GPU, which would have to wait for
 * them. Call it once, after the import of the backend and before or after its start; importing this package registers nothing.
 *
 * @returns what this call registered; empty if none of these backends is loaded or all is there already
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
 * console.log(registered.length <= 2, registerTrainingKernels().length);
 * // true 0
 * ```
 */
export function registerTrainingKernels(): RegisteredKernels[] {
  return [
    { backend: wasmName, kernels: [...registerWasmKernels(), ...registerLossKernels(wasmName)] },
    { backend: nativeName, kernels: [...registerNativeGradients(), ...registerLossKernels(nativeName)] },
    { backend: cpuName, kernels: improve(cpuName, cpuImprovements) },
  ].filter(({ kernels }) => kernels.length > 0);
}

function registerWasmKernels(): string[] {
  // Kernels without a backend would be found by nobody, and would keep a later import from registering its own.
  if (find('Identity') === undefined) return [];
  const improved = improve(wasmName, improvements);
  const filledIn = Object.keys(fillIns).filter(fillIn);
  return [...improved, ...filledIn];
}

function registerLossKernels(backend: string): string[] {
  if (find('Identity', backend) === undefined || isOnGpu(backend)) return [];
  const kernels = lossKernelsOf(backend).filter(({ kernelName }) => find(kernelName, backend) === undefined);
  kernels.forEach(registerKernel);
  return kernels.map(({ kernelName }) => kernelName);
}

/** Where the numbers are far from the processor's. */
function isOnGpu(backend: string): boolean {
  if (backend !== nativeName) return false;
  return (findBackend(backend) as { readonly isUsingGpuDevice?: boolean } | null)?.isUsingGpuDevice === true;
}

/** Puts better kernels in the place of stock ones; gives the names of those that it replaced now. */
function improve(backendName: string, better: Improvements): string[] {
  return Object.entries(better).flatMap(([kernelName, improved]) => {
    const stock = find(kernelName, backendName);
    if (stock === undefined || Reflect.get(stock, marker) === true) return [];
    unregisterKernel(kernelName, backendName);
    // The set-up of the stock kernel stays: it binds the function that the new kernel calls when the backend starts.
    const kernelFunc = improved(stock.kernelFunc);
    registerKernel(Object.assign({ ...stock, kernelFunc }, { [marker]: true }));
    return [kernelName];
  });
}

function fillIn(kernelName: string): boolean {
  const kernelFunc = fillIns[kernelName];
  if (kernelFunc === undefined || find(kernelName) !== undefined) return false;
  registerKernel({ kernelName, backendName: wasmName, kernelFunc });
  return true;
}

function find(kernelName: string, backend = wasmName): KernelConfig | undefined {
  return getKernel(kernelName, backend);
}
