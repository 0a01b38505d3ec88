import type { KernelConfig, Tensor } from '@tensorflow/tfjs-core';
import { opKernel, runOp } from './run-op.js';
import type { NativeGradient } from './run-op.js';

const ofFeatures = ['Relu', 'Relu6', 'Softplus', 'LeakyRelu'];
const ofOutput = ['Sigmoid', 'Tanh'];

/** Gradients of activations as one operation each; tfjs composes them, relu's of six operations. */
export const activationKernels: readonly KernelConfig[] = [
  ...ofFeatures.map((name) =>
    opKernel(`${name}Grad`, ['gradients', 'features'], 1, (binding, { alpha }) =>
      alpha === undefined ? [] : [{ name: 'alpha', type: binding.TF_ATTR_FLOAT, value: alpha as number }],
    ),
  ),
  ...ofOutput.map((name) => opKernel(`${name}Grad`, ['y', 'dy'])),
];

/** The same as gradient functions, by the name of the activation's kernel. */
export const activationGradients: Readonly<Record<string, NativeGradient>> = Object.fromEntries([
  ...ofFeatures.map((name) => [name, gradientOfFeatures(`${name}Grad`)] as const),
  ...ofOutput.map((name) => [name, gradientOfOutput(`${name}Grad`)] as const),
]);

function gradientOfFeatures(op: string): NativeGradient {
  return (gradients, [features], { alpha }) => ({
    x: () =>
      runOp(
        op,
        { gradients, features: features as Tensor },
        alpha === undefined ? {} : { alpha },
      )[0] as Tensor,
  });
}

function gradientOfOutput(op: string): NativeGradient {
  return (dy, [y]) => ({ x: () => runOp(op, { y: y as Tensor, dy })[0] as Tensor });
}
