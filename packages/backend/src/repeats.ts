/** Whether a tensor of this shape, repeated again and again, is its broadcast to another shape. */
export function repeats(shape: readonly number[], to: readonly number[]): boolean {
  const first = shape.findIndex((size) => size !== 1);
  if (first === -1) return true;
  const sizes = shape.slice(first);
  const last = to.slice(-sizes.length);
  return sizes.every((size, axis) => size === last[axis]);
}
