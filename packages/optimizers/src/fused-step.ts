import { engine, getBackend, getKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/**
 * A whole step of one variable as one kernel, where the current backend has it; nothing elsewhere.
 *
 * `registerTrainingKernels` of @kd/backend registers those of TensorFlow. They compute the same formula; whoever does not register
 * them gets the composed one.
 */
export function fusedStep(
  kernelName: string,
  inputs: NamedTensorMap,
  attrs: NamedAttrMap = {},
): readonly Tensor[] | undefined {
  const kernel = getKernel(kernelName, getBackend()) as KernelConfig | undefined;
  return kernel && (engine().runKernel(kernelName, inputs, attrs) as unknown as Tensor[]);
}
