/**
 * Writes `log softmax(z / T)` of one row, in float64.
 *
 * `log(1 + s)`, with s from all classes but one of the largest, keeps digits that `log(sum)` loses when a
 * class is nearly certain.
 */
export function logProbabilities(
  logits: ArrayLike<number>,
  start: number,
  temperature: number,
  result: Float64Array,
): void {
  let largest = 0;
  for (let i = 1; i < result.length; i++) {
    if ((logits[start + i] as number) > (logits[start + largest] as number)) largest = i;
  }
  const top = logits[start + largest] as number;
  let others = 0;
  for (let i = 0; i < result.length; i++) {
    const shifted = ((logits[start + i] as number) - top) / temperature;
    result[i] = shifted;
    if (i !== largest) others += Math.exp(shifted);
  }
  const excess = Math.log1p(others);
  for (let i = 0; i < result.length; i++) result[i] = (result[i] as number) - excess;
}
