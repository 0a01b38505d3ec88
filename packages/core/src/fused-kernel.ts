import { engine, getBackend, getKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/**
 * Runs one kernel in place of many, if the current backend has it; otherwise the caller composes operations.
 *
 * `registerTrainingKernels` of @kd/backend registers them: an optimizer step for one variable, or a loss with
 * its gradient, by the same formula.
 *
 * @param kernelName the kernel's name
 * @param inputs tensors, under the names that the kernel expects
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
