/** Gives the loss of one row, and adds the gradient of that loss to the student's. */
export type RowLoss = (row: number) => number;

/** What all losses of a row share. */
export interface Student {
  /** The logits of all rows, one after the other. */
  readonly logits: ArrayLike<number>;
  readonly classes: number;
  /** With respect to the logits; of the same length. */
  readonly gradient: Float32Array;
}
