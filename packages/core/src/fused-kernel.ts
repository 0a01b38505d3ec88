import { engine, getBackend, getKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/**
 * Runs one kernel that stands for many, where the current backend has it; gives nothing elsewhere, and the caller composes.
 *
 * `registerTrainingKernels` of @kd/backend registers such kernels: a whole step of an optimizer for one variable, a loss with its gradient. They
 * compute the same formula.
 *
 * @param kernelName the kernel's name
 * @param inputs tensors by the names that the kernel has for them
 * @param attrs its numbers and switches
 * @returns the outputs in the kernel's order, or undefined
 *
 * @example
 * ```ts
 * import { fusedKernel } from '@kd/core';
 * import { scalar } from '@tensorflow/tfjs-core';
 * console.log(fusedKernel('SquareOfSum', { x: scalar(2) }));
 * // undefined
 * ```
 */
export function fusedKernel(
  kernelName: string,
  inputs: NamedTensorMap,
  attrs: NamedAttrMap = {},
): readonly Tensor[] | undefined {
  const kernel = getKernel(kernelName, getBackend()) as KernelConfig | undefined;
  return kernel && (engine().runKernel(kernelName, inputs, attrs) as unknown as Tensor[]);
}
