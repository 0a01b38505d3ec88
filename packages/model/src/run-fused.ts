import { engine, getGradient, registerGradient, sum } from '@tensorflow/tfjs-core';
import type { GradConfig, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

type FusedKernel = 'FusedConv2D' | '_FusedMatMul';
interface PlainKernel {
  readonly kernelName: string;
  readonly operands: string[];
}

/** The kernel without bias of each fused kernel; the gradients by the operands are the same. */
const plainKernels: Readonly<Record<FusedKernel, PlainKernel>> = {
  FusedConv2D: { kernelName: 'Conv2D', operands: ['x', 'filter'] },
  _FusedMatMul: { kernelName: 'BatchMatMul', operands: ['a', 'b'] },
};

/**
 * Runs a fused kernel without activation as an operation of the tape, which then computes only those of its
 * gradients that somebody needs.
 *
 * `tf.fused.conv2d` and `tf.fused.matMul` run the same kernel, but under a custom gradient that computes the
 * gradients by all inputs at once. So the first layer of a model would compute the gradient by the images,
 * and a frozen layer that of its kernel, for nobody.
 *
 * @param inputs the two operands, and a `bias` of one number per output channel if there is one
 */
export function runFused(kernelName: FusedKernel, inputs: NamedTensorMap, attrs: NamedAttrMap): Tensor {
  if (gradientOf(kernelName) === undefined) registerGradient(lazyGradient(kernelName));
  return engine().runKernel(kernelName, inputs, { ...attrs, activation: 'linear' });
}

function lazyGradient(fused: FusedKernel): GradConfig {
  const { kernelName, operands } = plainKernels[fused];
  return {
    kernelName: fused,
    inputsToSave: operands,
    gradFunc: (gradient, saved, attrs) => {
      const dy = gradient as Tensor;
      return {
        ...(gradientOf(kernelName) as GradConfig).gradFunc(dy, saved, attrs),
        bias: () => sum(dy, [...dy.shape.keys()].slice(0, -1)),
      };
    },
  };
}

function gradientOf(kernelName: string): GradConfig | undefined {
  return getGradient(kernelName);
}
