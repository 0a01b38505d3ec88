import { describeShape, describeValue, KdError, like, list, optionsOf, whole } from '@kd/core';
import type { Check, FieldsOf, OptionPath, Options } from '@kd/core';
import type { ShapedNumbers } from './tested-models.js';

type Values = ShapedNumbers['values'];

/** An array of numbers; which ones is checked later, with their index. */
const numberArray: Check<Values> = like(
  'an array of numbers',
  (value): value is Values =>
    Array.isArray(value) || value instanceof Float32Array || value instanceof Uint8Array,
);

export const shaped: Options<ShapedNumbers, FieldsOf<ShapedNumbers>> = optionsOf<ShapedNumbers>()({
  values: numberArray,
  shape: list(whole(0)),
});

/** Throws unless the shape has this many values, and each of them passes. */
export function checkShaped(
  { where, argument }: OptionPath,
  { values, shape }: ShapedNumbers,
  expected: { readonly shape: string; readonly number: string },
  isShape: (shape: readonly number[]) => boolean,
  isNumber: (value: number) => boolean,
): void {
  const count = shape.reduce((product, size) => product * size, 1);
  if (!isShape(shape) || count !== values.length)
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument: `${argument}.shape`,
      expected: isShape(shape) ? `a shape for ${String(values.length)} values` : expected.shape,
      received: describeShape(shape),
      remedy: 'Pass { values, shape } with the examples on the first axis.',
    });
  // A loop also visits the holes of a sparse array.
  for (let index = 0; index < values.length; index++) {
    const value: unknown = values[index];
    if (typeof value === 'number' && isNumber(value)) continue;
    throw new KdError({
      code: typeof value === 'number' ? 'KD_OPTION_RANGE' : 'KD_OPTION_TYPE',
      where,
      argument: `${argument}.values[${String(index)}]`,
      expected: expected.number,
      received: describeValue(value),
      remedy: 'Check what the model was given, and its weights.',
    });
  }
}
