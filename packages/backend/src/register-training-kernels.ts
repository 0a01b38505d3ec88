import { engine, findBackend, getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import { cpuImprovements, valuesOf } from './cpu-kernels/cpu-kernels.js';
import { setStepFunctions } from '@kd/core';
import { hasFunctions } from './step-functions/function-backend.js';
import { stepFunctionsOn } from './step-functions/step-functions.js';
import { registerGradients } from './gradients/register-gradients.js';
import { lossKernelsOf } from './loss-kernels/loss-kernels.js';
import type { ReadNumbers } from './loss-kernels/loss-kernels.js';
import { lossOperationsOn } from './loss-kernels/loss-operations.js';
import { registerNativeGradients } from './native-kernels/register-native-gradients.js';
import { backendName as nativeName } from './native-kernels/run-op.js';
import { sumOfSquaresKernel } from './sum-of-squares-kernel.js';
import { floats, numbersInHeap } from './wasm-kernels/heap.js';
import { fillIns, improvements } from './wasm-kernels/wasm-kernels.js';

/** The kernels of one backend that one call of `registerTrainingKernels` registered. */
export interface RegisteredKernels {
  /** The tfjs name of the backend; `*` for gradients, which all backends share. */
  readonly backend: string;
  /** The tfjs names of the kernels, and of those with a replaced gradient. */
  readonly kernels: readonly string[];
}

type Improvements = Readonly<Record<string, (stock: KernelFunc) => KernelFunc>>;

const wasmName = 'wasm';
const cpuName = 'cpu';

// All copies of this file in a process share Symbol.for, so no kernel is wrapped twice.
const marker = Symbol.for('@kd/backend/training-kernel');

/**
 * Makes the loaded backends fit for training. On wasm it adds kernels that gradients need and stock tfjs
 * lacks, and replaces slow or wrong ones. On all backends it replaces kernels that lose NaN. On tfjs-node it
 * replaces composed gradients by single operations.
 *
 * Added if the backend has none: `Conv2DBackpropFilter`, `DepthwiseConv2dNativeBackpropFilter`,
 * `DepthwiseConv2dNativeBackpropInput`, `Einsum`, `UnsortedSegmentSum`. Replaced because they are slow:
 * `BatchMatMul`, `_FusedMatMul`, `Conv2DBackpropInput`, `Tile`. Replaced because they are wrong for some
 * inputs: `Conv2D`, `FusedConv2D`, `DepthwiseConv2dNative`, `FusedDepthwiseConv2D`,
 * `Conv3DBackpropFilterV2`, `Conv3DBackpropInputV2`, `MaxPoolGrad`, `MaxPool3D`, `MaxPool3DGrad`. Replaced
 * because they turn NaN into a number: on wasm `Relu`, `Relu6`, `ClipByValue`, `Maximum`, `Minimum`,
 * `Sign`, `MaxPool`, `AvgPool` and the fused and depthwise kernels above, with `Add`, which records where
 * no NaN can occur; on cpu `MaxPool`, `MaxPool3D` and `Sign`; on tfjs-node `MaxPool` and `MaxPool3D`.
 *
 * On tfjs-node, whose backend is named "tensorflow", it replaces the gradients of activations, biases, batch
 * normalisation, sums and means, and adds the steps `ResourceApplyAdam` and `ResourceApplyMomentum`,
 * `StatelessRandomUniform` for the draws of @kd/core, and `NormalizationInTraining` for batch normalisation
 * in the forward passes of @kd/model. Other backends keep their gradients, and so do
 * gradients of gradients. `Conv2D`, `FusedConv2D`, `Conv2DBackpropFilter` and
 * `DepthwiseConv2dNativeBackpropFilter` avoid faults of oneDNN. On wasm and tfjs-node it registers the losses
 * of @kd/soft-target-loss as one kernel each, `SoftTargetLoss`, `HardTargetLoss` and `DistillationLoss`, but
 * not on a GPU, which would have to wait for the numbers. On wasm and cpu, `SumOfSquares` computes the norm
 * of all gradients.
 *
 * It mends gradients that tfjs gets wrong for some shapes or attributes, on all backends, and kernels of cpu
 * and wasm that ignore a shape, an attribute or a dtype; the README lists them. Where tfjs is right, its own
 * code runs.
 *
 * Call it once, after importing the backend, before or after the backend starts. Importing this package
 * registers nothing.
 *
 * @returns what this call registered; empty if none of these backends is loaded or everything is registered
 *   already
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
 * console.log(registered.length <= 4, registerTrainingKernels().length);
 * // true 0
 * ```
 */
export function registerTrainingKernels(): RegisteredKernels[] {
  // Before those of tfjs-node, which fall back on them.
  const gradients = isAnyBackendLoaded() ? registerGradients() : [];
  offerStepFunctions();
  return [
    { backend: '*', kernels: gradients.map((name) => `gradient of ${name}`) },
    {
      backend: wasmName,
      kernels: [
        ...registerWasmKernels(),
        ...registerLossKernels(wasmName, numbersInHeap),
        ...registerNorm(wasmName, floats),
      ],
    },
    {
      backend: nativeName,
      kernels: [...registerNativeGradients(), ...registerLossKernels(nativeName, valuesOf)],
    },
    {
      backend: cpuName,
      kernels: [...improve(cpuName, cpuImprovements), ...registerNorm(cpuName, valuesOf)],
    },
  ].filter(({ kernels }) => kernels.length > 0);
}

// Whoever loads a backend later calls again, and expects to be told about the gradients then.
function isAnyBackendLoaded(): boolean {
  return Object.keys(engine().registryFactory).length > 0;
}

function registerWasmKernels(): string[] {
  // Nobody would find kernels without a backend, and they would keep a later import from registering its own.
  if (find('Identity') === undefined) return [];
  const improved = improve(wasmName, improvements);
  const filledIn = Object.keys(fillIns).filter(fillIn);
  return [...improved, ...filledIn];
}

/** Lets tfjs-node run steps as functions of TensorFlow, if its addon is the one of @kd/native. */
function offerStepFunctions(): void {
  if (find('Identity', nativeName) === undefined) return;
  const native: unknown = findBackend(nativeName);
  if (hasFunctions(native)) setStepFunctions(native, stepFunctionsOn(native));
}

function registerLossKernels(backend: string, read: ReadNumbers): string[] {
  if (find('Identity', backend) === undefined || isOnGpu(backend)) return [];
  // A function cannot contain what JavaScript computes. Only tfjs-node is asked for: to look at wasm would
  // start it.
  const native = backend === nativeName ? findBackend(nativeName) : undefined;
  const all = hasFunctions(native) ? lossOperationsOn(native) : lossKernelsOf(backend, read);
  const kernels = all.filter(({ kernelName }) => find(kernelName, backend) === undefined);
  kernels.forEach(registerKernel);
  return kernels.map(({ kernelName }) => kernelName);
}

function registerNorm(backend: string, read: Parameters<typeof sumOfSquaresKernel>[1]): string[] {
  const kernel = sumOfSquaresKernel(backend, read);
  if (find('Identity', backend) === undefined || find(kernel.kernelName, backend) !== undefined) return [];
  registerKernel(kernel);
  return [kernel.kernelName];
}

/** Whether the numbers live in memory that the processor cannot read directly. */
function isOnGpu(backend: string): boolean {
  if (backend !== nativeName) return false;
  return (findBackend(backend) as { readonly isUsingGpuDevice?: boolean } | null)?.isUsingGpuDevice === true;
}

/** Replaces stock kernels by better ones; returns the names of those newly replaced. */
function improve(backendName: string, better: Improvements): string[] {
  return Object.entries(better).flatMap(([kernelName, improved]) => {
    const stock = find(kernelName, backendName);
    if (stock === undefined || Reflect.get(stock, marker) === true) return [];
    unregisterKernel(kernelName, backendName);
    // Keep the stock kernel's set-up: when the backend starts, it binds the function that the new kernel
    // calls.
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
