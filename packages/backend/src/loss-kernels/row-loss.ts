/** Returns the loss of one row, and adds its gradient to the student's. */
export type RowLoss = (row: number) => number;

/** What all row losses share. */
export interface Student {
  /** The logits of all rows, concatenated. */
  readonly logits: ArrayLike<number>;
  readonly classes: number;
  /** The gradient with respect to the logits; the same length. */
  readonly gradient: Float32Array;
}
