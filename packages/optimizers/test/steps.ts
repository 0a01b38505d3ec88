import { dispose, tensor, tidy, variable } from '@tensorflow/tfjs-core';
import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs-core';

/** Two variables, a kernel `[2, 2]` and a bias `[2]`. */
export function twoVariables(): [kernel: Variable, bias: Variable] {
  return tidy(() => [variable(tensor([1, 2, -3, 0.5], [2, 2])), variable(tensor([3, 4]))]);
}

/** A gradient that depends only on the shape and the time. */
export function gradientAt(time: number, { shape, size }: Tensor): Tensor {
  return tensor(
    Array.from({ length: size }, (_, index) => Math.sin(1 + time + 2 * index + size)),
    shape as number[],
  );
}

/** Takes steps of an optimizer at these times. */
export function makeSteps(
  optimizer: Optimizer,
  variables: readonly Variable[],
  times: readonly number[],
): void {
  for (const time of times) {
    const gradients = variables.map((each) => ({ name: each.name, tensor: gradientAt(time, each) }));
    optimizer.applyGradients(gradients);
    dispose(gradients.map((gradient) => gradient.tensor));
  }
}

/** The exact numbers of tensors. */
export const bitsOf = (tensors: readonly Tensor[]): number[][] =>
  tensors.map((each) => Array.from(each.dataSync()));
