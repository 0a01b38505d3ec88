/** The relative difference of each loss: `|a - b| / |b|`. */
export function relativeDifferences(losses: readonly number[], against: readonly number[]): number[] {
  return losses.map((loss, step) => {
    const other = against[step] ?? NaN;
    return Math.abs(loss - other) / Math.abs(other);
  });
}

/** The relative difference of weights: `||a - b|| / ||b||` over all of them. */
export function weightsDifference(weights: Float32Array, against: Float32Array): number {
  let [difference, size] = [0, 0];
  for (const [index, weight] of weights.entries()) {
    const other = against[index] ?? NaN;
    difference += (weight - other) ** 2;
    size += other ** 2;
  }
  return weights.length === against.length ? Math.sqrt(difference / size) : NaN;
}
