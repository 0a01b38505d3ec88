import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkTensor, describeShape, KdError } from '@kd/core';
import type { Batch, Shape } from '@kd/core';

/**
 * The inputs of a batch, in the order of a model's inputs.
 *
 * A model with one input takes the only entry, whatever its name; otherwise the names must match. Throws
 * `KD_INPUT_MISSING`, and `KD_TENSOR_SHAPE` for an input of the wrong shape.
 */
export function inputsOfModel(where: string, model: LayersModel, batch: Batch): Tensor[] {
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
    checkTensor(where, `batch.inputs.${only ?? name}`, input);
    const shape: Shape = model.inputs[index]?.shape ?? [];
    if (
      input.rank !== shape.length ||
      shape.some((size, axis) => size !== null && size !== input.shape[axis])
    ) {
      throw new KdError({
        code: 'KD_TENSOR_SHAPE',
        where,
        argument: `batch.inputs.${only ?? name}`,
        expected: `of shape ${describeShape(shape)} for the model ${JSON.stringify(model.name)}`,
        received: describeShape(input.shape),
        remedy: remedyFor(input, shape),
      });
    }
    return input;
  });
}

function remedyFor({ shape: given }: Tensor, [rows, ...shape]: Shape): string {
  const fitsButRows =
    typeof rows === 'number' &&
    given.length === shape.length + 1 &&
    shape.every((size, axis) => size === null || size === given[axis + 1]);
  return fitsButRows
    ? `Make batches of ${String(rows)} and drop the rest, or build the model without a fixed batch size: inputShape in place of batchInputShape.`
    : 'Reshape the input, or use a model that was built for it.';
}
