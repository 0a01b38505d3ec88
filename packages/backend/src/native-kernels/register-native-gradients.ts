import {
  engine,
  getBackend,
  getGradient,
  getKernel,
  registerGradient,
  registerKernel,
  unregisterGradient,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import type { GradConfig, KernelConfig, KernelFunc, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { nativeGradients, nativeImprovements, nativeKernels } from './native-gradients.js';
import { normalizationGradient } from './normalization-in-training.js';
import { backendName } from './run-op.js';
import type { NativeGradient } from './run-op.js';

// All copies of this file in a process share Symbol.for, so no gradient is wrapped twice.
const marker = Symbol.for('@kd/backend/native-gradient');

/** Registers the kernels and gradients for tfjs-node; returns the names of those newly registered. */
export function registerNativeGradients(): string[] {
  // Without tfjs-node nothing can run them.
  if (!isThere('Identity')) return [];
  const kernels = nativeKernels.filter(({ kernelName }) => !isThere(kernelName));
  kernels.forEach(registerKernel);
  if (kernels.length > 0) registerGradient(normalizationGradient);
  const improved = Object.entries(nativeImprovements).filter(([name, better]) => improve(name, better));
  const gradients = Object.entries(nativeGradients).filter(([name, native]) => wrap(name, native));
  return [
    ...kernels.map(({ kernelName }) => kernelName),
    ...improved.map(([name]) => name),
    ...gradients.map(([name]) => `gradient of ${name}`),
  ];
}

function isThere(kernelName: string): boolean {
  return (getKernel(kernelName, backendName) as KernelConfig | undefined) !== undefined;
}

function improve(kernelName: string, better: (stock: KernelFunc) => KernelFunc): boolean {
  if (!isThere(kernelName)) return false;
  const stock = getKernel(kernelName, backendName);
  if (Reflect.get(stock, marker) === true) return false;
  unregisterKernel(kernelName, backendName);
  registerKernel(Object.assign({ ...stock, kernelFunc: better(stock.kernelFunc) }, { [marker]: true }));
  return true;
}

function wrap(name: string, native: NativeGradient): boolean {
  const stock = getGradient(name);
  if (Reflect.get(stock, marker) === true) return false;
  const gradFunc: GradConfig['gradFunc'] = (dy, saved, attrs) => {
    const composed = (): ReturnType<GradConfig['gradFunc']> => stock.gradFunc(dy, saved, attrs);
    // If the tape is recording, somebody needs the gradient of this gradient, which the single operation
    // lacks. Gradients are shared by all backends.
    if (getBackend() !== backendName || engine().isTapeOn()) return composed();
    // Kernels without attributes get undefined here, whatever their type says.
    return native([dy].flat()[0] as Tensor, saved, Object(attrs) as NamedAttrMap) ?? composed();
  };
  unregisterGradient(name);
  registerGradient(Object.assign({ ...stock, gradFunc }, { [marker]: true }));
  return true;
}
