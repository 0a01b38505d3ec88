import { checkTensor, describeShape, KdError } from '@kd/core';
import type { Batch, Shape } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isCompatible } from './outputs/described.js';

/** What is known about an input of a model. */
export interface InputInfo {
  readonly name: string;
  readonly shape?: Shape | undefined;
  readonly dtypes?: readonly string[] | undefined;
}

/**
 * The inputs of a batch under the model's names; a model with one input takes the only entry, whatever its
 * name.
 *
 * Throws `KD_INPUT_MISSING`, `KD_TENSOR_TYPE`, `KD_TENSOR_SHAPE` and `KD_TENSOR_DTYPE`.
 */
export function namedInputs(where: string, infos: readonly InputInfo[], batch: Batch): Map<string, Tensor> {
  const given = Object.keys(batch.inputs);
  const only = given.length === 1 && infos.length === 1 ? given[0] : undefined;
  return new Map(
    infos.map((info) => {
      const key = only ?? info.name;
      const input = batch.inputs[key];
      if (input === undefined) {
        throw new KdError({
          code: 'KD_INPUT_MISSING',
          where,
          argument: 'batch.inputs',
          expected: `named ${infos.map(({ name }) => name).join(', ')}`,
          received: given.join(', ') || 'no inputs',
          remedy: "Use the model's names for the inputs of the batch, or rename them with withInputs.",
        });
      }
      checkInput(where, `batch.inputs.${key}`, input, info);
      return [info.name, input];
    }),
  );
}

function checkInput(where: string, argument: string, input: Tensor, { shape, dtypes }: InputInfo): void {
  checkTensor(where, argument, input);
  if (shape !== undefined && !isCompatible(input.shape, shape)) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument,
      expected: `of shape ${describeShape(shape)}`,
      received: describeShape(input.shape),
      remedy: 'Transform the inputs for the teacher using withInputs.',
    });
  }
  if (dtypes === undefined || dtypes.includes(input.dtype)) return;
  throw new KdError({
    code: 'KD_TENSOR_DTYPE',
    where,
    argument,
    expected: `of dtype ${dtypes.join(' or ')}`,
    received: input.dtype,
    remedy: 'Cast it, or transform the inputs for the teacher using withInputs.',
  });
}
