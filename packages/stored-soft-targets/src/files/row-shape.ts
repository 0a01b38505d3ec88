/** Number of values in a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Number of classes of an output, and of positions that have them. */
export function classesOf({ rowShape }: { readonly rowShape: readonly number[] }): {
  readonly classes: number;
  readonly positions: number;
} {
  return { classes: rowShape.at(-1) ?? 1, positions: sizeOf(rowShape.slice(0, -1)) };
}
