/** Where the k largest outputs of some rows go, row after row. */
export interface TopColumns {
  readonly classes: Int32Array;
  readonly values: Float32Array;
  /** One for each row. */
  readonly logRemaining: Float32Array;
}

/** The k largest of `width` outputs of a row of `outputs`, written to row `to` of `columns`. */
export function takeTop(
  outputs: Float32Array,
  { from, to, width, k, logits }: { from: number; to: number; width: number; k: number; logits: boolean },
  columns: TopColumns,
): void {
  const start = from * width;
  const at = to * k;
  let count = 0;
  // Insertion into a short sorted list; of equal outputs the lower class comes first.
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
  // The mass of the others is summed by itself: 1 minus that of the k would be rounding where the teacher is sure.
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

// Instead of -Infinity, which has no place in a training: the logarithm of the smallest float32.
const lowest = -103;
