import { describeShape } from '@kd/core';
import type { OutputInfo, Shape } from '@kd/core';
import { areClassesAlong } from './class-axes.js';
import { checkCount } from './class-names.js';
import { shapeError } from './stated.js';
import type { StatedOutput } from './stated.js';

/**
 * The description of an output from what is stated and what is known; throws if the two differ or together
 * are incomplete.
 */
export function describeOutput(where: string, stated: StatedOutput, known?: Shape): OutputInfo {
  const { convention, classes, at } = stated;
  const isEnough = (shape: Shape): boolean => convention === 'values' || areClassesAlong(shape);
  const open = known !== undefined && isEnough(known) ? known : undefined;
  const named = classes === undefined ? undefined : [...(known?.slice(0, -1) ?? [null]), classes.length];
  const shape = stated.shape ?? open ?? named;
  if (shape === undefined || !isEnough(shape)) {
    throw shapeError(
      where,
      at,
      'given, because the model does not reveal it',
      shape === undefined ? 'no shape' : describeShape(shape),
      'KD_OPTION_TYPE',
    );
  }
  if (known !== undefined && withoutOnes(known, shape) === undefined) {
    throw shapeError(
      where,
      at,
      `the shape of the output, ${describeShape(known)}`,
      describeShape(shape),
      'KD_TENSOR_SHAPE',
    );
  }
  checkCount(where, at, classes, shape);
  return { convention, shape, ...(classes === undefined ? {} : { classes }) };
}

/** Whether two shapes can describe the same value: sizes known in both are equal. */
export function isCompatible(one: Shape, other: Shape): boolean {
  return one.length === other.length && one.every((size, axis) => agree(size, other[axis]));
}

/**
 * A shape as another describes it: unchanged, or without axes of size one that the other lacks, as `[8, 10]`
 * for `[8, 10, 1, 1]`. Undefined if it is another shape.
 */
export function withoutOnes<Size extends number | null>(
  shape: readonly Size[],
  described: Shape,
): readonly Size[] | undefined {
  const kept: Size[] = [];
  for (const size of shape) {
    if (kept.length < described.length && agree(size, described[kept.length])) kept.push(size);
    else if (size !== 1) return undefined;
  }
  return kept.length === described.length ? kept : undefined;
}

function agree(size: number | null, other: number | null | undefined): boolean {
  return size === null || other === null || size === other;
}
