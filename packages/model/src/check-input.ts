import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkTensor, describeShape, describeValue, KdError } from '@kd/core';
import type { Shape } from '@kd/core';

/** Throws unless a tensor is live, numeric and of the shape of an input of a model. */
export function checkInput(
  where: string,
  argument: string,
  model: LayersModel,
  position: number,
  input: unknown,
): asserts input is Tensor {
  checkTensor(where, argument, input);
  const { shape, dtype } = model.inputs[position] as LayersModel['inputs'][number];
  const of = `for the model ${JSON.stringify(model.name)}`;
  if (dtype !== 'string' && (input.dtype === 'string' || input.dtype === 'complex64')) {
    const fault = { expected: `of real numbers ${of}`, received: describeValue(input) };
    const remedy = 'Encode it as float32 or int32.';
    throw new KdError({ code: 'KD_TENSOR_DTYPE', where, argument, ...fault, remedy });
  }
  if (fits(input.shape, shape)) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: `of shape ${describeShape(shape)} ${of}`,
    received: describeShape(input.shape),
    remedy: remedyFor(input, shape),
  });
}

function fits(given: readonly number[], shape: Shape): boolean {
  return given.length === shape.length && shape.every((size, axis) => size === null || size === given[axis]);
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
