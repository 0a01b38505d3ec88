/** Where each of some lists begins, if they are written one after the other, and where the last one ends. */
export function startsOf(lengths: Int32Array, width = 1): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  for (const [row, length] of lengths.entries()) {
    starts[row + 1] = (starts[row] as number) + width * length;
  }
  return starts;
}
