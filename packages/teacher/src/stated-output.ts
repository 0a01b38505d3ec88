import { check, convention, describeShape, describeValue, KdError, optionsOf } from '@kd/core';
import type { FieldsOf, Options, Convention, OutputDescription, Shape } from '@kd/core';
import { checkCount, classNames } from './class-names.js';

/** What every teacher is told of its output. */
export interface StatedOutput {
  /** What the numbers are. Stated, never guessed; numbers of the first answer that contradict it are an error. */
  readonly convention: Convention;
  /** Names of the classes in the order of the last axis, if they matter. */
  readonly classes?: readonly string[];
  /** Shape of the output, `[null, N]`, where it cannot be read from the model. */
  readonly shape?: Shape;
}

const outputShape = check<Shape>(
  'a list like [null, 10], of the batch to the classes',
  ({ where }, value) => {
    const isSize = (size: unknown): boolean =>
      size === null || (Number.isSafeInteger(size) && (size as number) > 0);
    const isShape = Array.isArray(value) && value.length >= 2 && value.every(isSize);
    if (isShape && typeof value.at(-1) === 'number') return value as Shape;
    const received = isShape ? describeShape(value as Shape) : describeValue(value);
    throw shapeError(
      where,
      'a list like [null, 10], of the batch to the classes',
      received,
      'KD_OPTION_TYPE',
    );
  },
);

export const statedOutput: Options<StatedOutput, FieldsOf<StatedOutput>> = optionsOf<StatedOutput>()({
  convention,
  classes: classNames.optional(),
  shape: outputShape.optional(),
});

/** Throws `KD_CLASSES_MISMATCH` where classes and shape are stated that do not go together. */
export function checkStated(where: string, { classes, shape }: StatedOutput): void {
  checkCount(where, classes, shape?.at(-1));
}

/** The description of an output from what is stated and what is known; throws where the two differ, or together say too little. */
export function describeOutput(where: string, stated: StatedOutput, known?: Shape): OutputDescription {
  const { convention: is, classes, shape: statedShape } = stated;
  const open = known === undefined || typeof known.at(-1) === 'number' ? known : undefined;
  const named = classes === undefined ? undefined : [...(known?.slice(0, -1) ?? [null]), classes.length];
  const shape = statedShape ?? open ?? named;
  if (shape === undefined || typeof shape.at(-1) !== 'number') {
    throw shapeError(
      where,
      'given, as it cannot be read from the model',
      shape === undefined ? 'no shape' : describeShape(shape),
      'KD_OPTION_TYPE',
    );
  }
  if (known !== undefined && !isCompatible(shape, known)) {
    throw shapeError(
      where,
      `that of the output, ${describeShape(known)}`,
      describeShape(shape),
      'KD_TENSOR_SHAPE',
    );
  }
  checkCount(where, classes, shape.at(-1));
  return { convention: is, shape, ...(classes === undefined ? {} : { classes }) };
}

/** Whether two shapes can be of one value: where both sizes are known they are equal. */
export function isCompatible(one: Shape, other: Shape): boolean {
  const agree = (size: number | null, axis: number): boolean =>
    size === null || other[axis] === null || size === other[axis];
  return one.length === other.length && one.every(agree);
}

function shapeError(
  where: string,
  expected: string,
  received: string,
  code: 'KD_OPTION_TYPE' | 'KD_TENSOR_SHAPE',
): KdError {
  return new KdError({
    code,
    where,
    argument: 'options.shape',
    expected,
    received,
    remedy: 'Pass shape: [null, N] with the number N of classes, or their names as classes.',
  });
}
