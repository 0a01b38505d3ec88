/** Receives the k largest outputs of some rows, row after row. */
export interface TopColumns {
  readonly classes: Int32Array;
  readonly values: Float32Array;
  /** One value per row. */
  readonly logRemaining: Float32Array;
}

/** Writes the k largest of the `width` outputs in a row of `outputs` to row `to` of `columns`. */
export function takeTop(
  outputs: Float32Array,
  { from, to, width, k, logits }: { from: number; to: number; width: number; k: number; logits: boolean },
  columns: TopColumns,
): void {
  const start = from * width;
  const at = to * k;
  let count = 0;
  // Insertion into a short sorted list; equal outputs are ordered by class.
  for (let index = 0; index < width; index++) {
    const value = outputs[start + index] as number;
    if (count === k && value <= (columns.values[at + k - 1] as number)) continue;
    let place = count < k ? count++ : k - 1;
    while (place > 0 && (columns.values[at + place - 1] as number) < value) {
      columns.values[at + place] = columns.values[at + place - 1] as number;
      columns.classes[at + place] = columns.classes[at + place - 1] as number;
      place -= 1;
    }
    columns.values[at + place] = value;
    columns.classes[at + place] = index;
  }
  const inside = new Set(columns.classes.subarray(at, at + k));
  const largest = columns.values[at] as number;
  // The mass of the others is summed directly: if the teacher is sure, 1 minus the mass of the k would be all
  // rounding error.
  let others = 0;
  let all = 0;
  for (let index = 0; index < width; index++) {
    const value = outputs[start + index] as number;
    const mass = logits ? Math.exp(value - largest) : value;
    all += mass;
    if (!inside.has(index)) others += mass;
  }
  columns.logRemaining[to] = Math.max(Math.log(others / all), lowest);
}

/** The logarithm of the smallest float32. It replaces -Infinity, which would break training. */
export const lowest: number = -103;
