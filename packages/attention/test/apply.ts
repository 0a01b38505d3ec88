import { expectClose, numericGradient } from '@kd/testing';
import { grads, mul, sum, tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

/** Applies a layer to tensors. */
export function apply(layer: layers.Layer, ...inputs: readonly Tensor[]): Tensor {
  return layer.apply(inputs.length === 1 ? (inputs[0] as Tensor) : [...inputs]) as Tensor;
}

/** The numbers of a tensor. */
export async function numbers(x: Tensor): Promise<number[]> {
  return Array.from(await x.data());
}

/** Numbers from -1 to 1 without symmetry. */
export function uneven(shape: readonly number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Array.from({ length: size }, (_, place) => Math.sin(1.7 * place + 0.3)),
    [...shape],
  );
}

/** Expects the gradients of a layer by its inputs to be finite differences of a sum of its outputs. */
export async function expectGradients(layer: layers.Layer, ...inputs: readonly Tensor[]): Promise<void> {
  const slopes = uneven(apply(layer, ...inputs).shape);
  const loss = (...given: readonly Tensor[]): Tensor => mul(apply(layer, ...given), slopes);
  const found = grads((...given: Tensor[]) => sum(loss(...given)))([...inputs]);
  for (const [place, input] of inputs.entries()) {
    const numeric = numericGradient((x) => loss(...inputs.with(place, x)), input);
    expectClose(await (found[place] as Tensor).data(), numeric, { relative: 1e-3, absolute: 5e-4 });
  }
}
