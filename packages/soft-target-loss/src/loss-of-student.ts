import { expandDims, mul } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { fusedKernel, withGradient } from '@kd/core';

/** A loss per example `[B, ...]` and its gradient with respect to the student's logits `[B, ..., N]`. */
export interface ValueAndGradient {
  readonly value: Tensor;
  readonly gradient: Tensor;
}

/**
 * A loss and its gradient as one kernel, if the backend has it. The numbers that are tensors become inputs:
 * those that a schedule changes, and that a compiled step must not keep.
 */
export function fusedLoss(
  kernelName: string,
  tensors: NamedTensorMap,
  numbers: Readonly<Record<string, number | Tensor>>,
): ValueAndGradient | undefined {
  const inputs = { ...tensors };
  const attrs: NamedAttrMap = {};
  for (const [name, value] of Object.entries(numbers)) {
    if (typeof value === 'number') attrs[name] = value;
    else inputs[name] = value;
  }
  const [value, gradient] = fusedKernel(kernelName, inputs, attrs) ?? [];
  return value && gradient && { value, gradient };
}

/**
 * A loss whose gradient is given and flows only to the student.
 *
 * The teacher enters through the closure, which the tape does not see, so its side never gets a gradient. The
 * closed forms need fewer kernels than differentiating the forward pass, and keep digits that it loses.
 */
export function lossOfStudent(studentLogits: Tensor, evaluate: (logits: Tensor) => ValueAndGradient): Tensor {
  return withGradient(studentLogits, (logits) => {
    const { value, gradient } = evaluate(logits);
    return { value, saved: [gradient], gradient: (dy, slope) => mul(expandDims(dy, -1), slope) };
  });
}
