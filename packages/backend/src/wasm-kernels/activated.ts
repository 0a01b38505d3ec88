import { getKernel } from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

const activationKernels: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
  elu: 'Elu',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

/** Whether the kernel of an activation is known, or none is needed. */
export function isKnownActivation(activation: unknown): boolean {
  return activation === 'linear' || Object.hasOwn(activationKernels, String(activation));
}

/**
 * Applies the activation of a fused kernel's arguments `given` to the linear part `x`: returns the output of
 * the activation's own kernel, or `x` itself.
 */
export function activated({ inputs, backend, attrs }: Parameters<KernelFunc>[0], x: TensorInfo): TensorInfo {
  const { activation = 'linear', leakyreluAlpha = 0.2 } = attrs ?? {};
  const name = activationKernels[activation as string];
  if (name === undefined) return x;
  const alpha = activation === 'prelu' ? { alpha: inputs['preluActivationWeights'] } : {};
  const { kernelFunc } = getKernel(name, 'wasm');
  return kernelFunc({
    inputs: { x, ...alpha },
    backend,
    attrs: { alpha: Number(leakyreluAlpha) },
  }) as TensorInfo;
}
