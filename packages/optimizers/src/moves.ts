import { engine } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import { checkFloat32, checkShape, describeValue, KdError } from '@kd/core';

import type { NamedTensor } from './named-tensor.js';

/** A variable and its gradient; no gradient if the variable is frozen. */
export interface Move {
  readonly variable: Variable;
  readonly gradient: Tensor | undefined;
}

/**
 * Reads the gradients that tfjs passes to an optimizer, and checks all of them before the first variable
 * moves.
 */
export function movesOf(where: string, gradients: NamedTensorMap | readonly NamedTensor[]): Move[] {
  const list: { name: string; tensor: Tensor | null | undefined }[] = Array.isArray(gradients)
    ? [...(gradients as readonly NamedTensor[])]
    : Object.entries(gradients as NamedTensorMap).map(([name, tensor]) => ({ name, tensor }));
  return list.map(({ name, tensor }) => {
    const variable = (engine().registeredVariables as Partial<Record<string, Variable>>)[name];
    if (variable === undefined) throw unknownVariable(where, name);
    if (tensor === null || tensor === undefined) return { variable, gradient: undefined };
    const argument = `the gradient of ${name}`;
    checkFloat32(where, argument, tensor);
    checkShape(where, argument, tensor, variable.shape);
    return { variable, gradient: tensor };
  });
}

function unknownVariable(where: string, name: string): KdError {
  return new KdError({
    code: 'KD_TENSOR_TYPE',
    where,
    argument: 'the name of a gradient',
    expected: 'the name of a tfjs variable',
    received: describeValue(name),
    remedy: 'Train variables that are not disposed.',
  });
}
