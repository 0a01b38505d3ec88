// The loss by the definition of the paper, in float64: what the float32 one is compared with.

/** Features, one row per example. */
export type Rows = readonly (readonly number[])[];

/** How a row is made comparable. */
export type Norm = (row: readonly number[]) => number;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((x, i) => x * (b[i] ?? NaN)));

/** L2, as in the paper. */
export const length: Norm = (row) => Math.sqrt(dot(row, row));
/** L1, as in torchdistill. */
export const absoluteSum: Norm = (row) => sum(row.map(Math.abs));

/** `F F^T` with each row divided by its norm; a row of zeros stays one. */
export function normalisedSimilarities(features: Rows, norm: Norm): number[][] {
  return features
    .map((a) => features.map((b) => dot(a, b)))
    .map((row) => row.map((x) => (norm(row) === 0 ? 0 : x / norm(row))));
}

/** Tung and Mori 2019: `1/B² ||G_t - G_s||²`. */
export function similarityPreserving(teacher: Rows, student: Rows, norm: Norm = length): number {
  const [t, s] = [teacher, student].map((each) => normalisedSimilarities(each, norm).flat());
  return sum((t ?? []).map((g, i) => (g - (s?.[i] ?? NaN)) ** 2)) / teacher.length ** 2;
}
