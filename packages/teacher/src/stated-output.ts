import { check, convention, describeShape, describeValue, KdError, optionsOf } from '@kd/core';
import type { FieldsOf, Options, Convention, OutputDescription, Shape } from '@kd/core';
import { checkCount, classNames } from './class-names.js';

/** What you state about every teacher's output. */
export interface StatedOutput {
  /** The convention of the numbers. Never guessed; a first answer that contradicts it is an error. */
  readonly convention: Convention;
  /** Names of the classes in the order of the last axis; optional. */
  readonly classes?: readonly string[];
  /** Shape of the output, `[null, N]`, if the model does not reveal it. */
  readonly shape?: Shape;
}

const outputShape = check<Shape>(
  'a list like [null, 10], from the batch axis to the class axis',
  ({ where }, value) => {
    const isSize = (size: unknown): boolean =>
      size === null || (Number.isSafeInteger(size) && (size as number) > 0);
    const isShape = Array.isArray(value) && value.length >= 2 && value.every(isSize);
    if (isShape && typeof value.at(-1) === 'number') return value as Shape;
    const received = isShape ? describeShape(value as Shape) : describeValue(value);
    throw shapeError(
      where,
      'a list like [null, 10], from the batch axis to the class axis',
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

/** Throws `KD_CLASSES_MISMATCH` if the stated classes and shape contradict each other. */
export function checkStated(where: string, { classes, shape }: StatedOutput): void {
  checkCount(where, classes, shape?.at(-1));
}

/**
 * The description of an output from what is stated and what is known; throws if the two differ or together
 * are incomplete.
 */
export function describeOutput(where: string, stated: StatedOutput, known?: Shape): OutputDescription {
  const { convention: is, classes, shape: statedShape } = stated;
  const open = known === undefined || typeof known.at(-1) === 'number' ? known : undefined;
  const named = classes === undefined ? undefined : [...(known?.slice(0, -1) ?? [null]), classes.length];
  const shape = statedShape ?? open ?? named;
  if (shape === undefined || typeof shape.at(-1) !== 'number') {
    throw shapeError(
      where,
      'given, because the model does not reveal it',
      shape === undefined ? 'no shape' : describeShape(shape),
      'KD_OPTION_TYPE',
    );
  }
  if (known !== undefined && !isCompatible(shape, known)) {
    throw shapeError(
      where,
      `the shape of the output, ${describeShape(known)}`,
      describeShape(shape),
      'KD_TENSOR_SHAPE',
    );
  }
  checkCount(where, classes, shape.at(-1));
  return { convention: is, shape, ...(classes === undefined ? {} : { classes }) };
}

/** Whether two shapes can describe the same value: sizes known in both are equal. */
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
    remedy: 'Pass shape: [null, N] with the number N of classes, or pass their names as classes.',
  });
}
