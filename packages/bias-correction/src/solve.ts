/**
 * Solves `A x = y` for a symmetric positive definite matrix, row-major, by Cholesky's decomposition.
 *
 * @returns undefined if the matrix is not positive definite in float64
 */
export function solve(matrix: Float64Array, right: readonly number[]): number[] | undefined {
  const size = right.length;
  const lower = new Float64Array(matrix);
  const at = (row: number, column: number): number => lower[row * size + column] as number;
  const x = [...right];
  const entry = (index: number): number => x[index] as number;
  for (let column = 0; column < size; column++) {
    let pivot = at(column, column);
    for (let k = 0; k < column; k++) pivot -= at(column, k) ** 2;
    if (!(pivot > 1e-14 * at(column, column))) return undefined;
    lower[column * size + column] = Math.sqrt(pivot);
    for (let row = column + 1; row < size; row++) {
      let sum = at(row, column);
      for (let k = 0; k < column; k++) sum -= at(row, k) * at(column, k);
      lower[row * size + column] = sum / at(column, column);
    }
  }
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) x[row] = entry(row) - at(row, k) * entry(k);
    x[row] = entry(row) / at(row, row);
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) x[row] = entry(row) - at(k, row) * entry(k);
    x[row] = entry(row) / at(row, row);
  }
  return x;
}
