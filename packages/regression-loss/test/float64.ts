// The losses by their definitions, in float64 and for one row: what the float32 ones are compared with.

type Row = readonly number[];

function meanOf(student: Row, targets: Row, of: (difference: number) => number): number {
  return student.reduce((sum, s, index) => sum + of(s - (targets[index] ?? NaN)), 0) / student.length;
}

export const squaredError = (t: Row, s: Row): number => meanOf(s, t, (d) => d * d);

export const absoluteError = (t: Row, s: Row): number => meanOf(s, t, Math.abs);

/** Huber 1964, with PyTorch's scale. */
export function huber(t: Row, s: Row, delta: number): number {
  return meanOf(s, t, (d) => (Math.abs(d) < delta ? 0.5 * d * d : delta * (Math.abs(d) - 0.5 * delta)));
}
