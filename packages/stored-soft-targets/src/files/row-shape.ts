import type { Shape } from '@kd/core';

/**
 * Shape of a value for one example. A sequence has null for its length, on the first axis only.
 *
 * Values are stored entry after entry. The entries of a sequence are its positions; any other value is one
 * entry, that is, a sequence of length one.
 */
export type RowShape = Shape;

/** Whether rows have different lengths. */
export function isSequence([first]: RowShape): boolean {
  return first === null;
}

/** Number of values in an entry. */
export function sizeOf(shape: RowShape): number {
  return shape.reduce<number>((product, size) => product * (size ?? 1), 1);
}

/** Number of classes of an output, and how many distributions over them an entry has. */
export function classesOf({ rowShape }: { readonly rowShape: RowShape }): {
  readonly classes: number;
  readonly positions: number;
} {
  return { classes: rowShape.at(-1) ?? 1, positions: sizeOf(rowShape.slice(0, -1)) };
}
