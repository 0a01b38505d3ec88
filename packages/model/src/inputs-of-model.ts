import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { KdError, optionFault } from '@kd/core';
import type { Batch } from '@kd/core';
import { checkInput } from './check-input.js';
import { checkModel } from './check-built.js';

/**
 * The inputs of a batch, in the order of a model's inputs.
 *
 * A model with one input takes the only entry, whatever its name; otherwise the names must match. Throws
 * `KD_INPUT_MISSING`, and `KD_TENSOR_SHAPE` for an input of the wrong shape.
 */
export function inputsOfModel(where: string, model: LayersModel, batch: Batch): Tensor[] {
  checkModel(where, 'model', model);
  const { inputs } = Object(batch) as { readonly inputs?: unknown };
  if (typeof inputs !== 'object' || inputs === null) {
    const remedy = 'Pass the tensors by name: { inputs: { x } }.';
    throw optionFault('TYPE', { where, argument: 'batch.inputs' }, 'tensors by name', inputs, remedy);
  }
  const given = Object.keys(batch.inputs);
  const only = given.length === 1 && model.inputs.length === 1 ? given[0] : undefined;
  // A Sequential has no `inputNames` before its first run.
  const names = model.inputs.map(({ sourceLayer }) => sourceLayer.name);
  return names.map((name, index) => {
    const input = batch.inputs[only ?? name];
    if (input === undefined) {
      throw new KdError({
        code: 'KD_INPUT_MISSING',
        where,
        argument: 'batch.inputs',
        expected: `named ${names.join(', ')} for the model ${JSON.stringify(model.name)}`,
        received: given.join(', ') || 'no inputs',
        remedy: 'Give the inputs of the batch the names that the model gives them.',
      });
    }
    checkInput(where, `batch.inputs.${only ?? name}`, model, index, input);
    return input;
  });
}
