/**
 * The sum of squares. It is NaN or infinite exactly if one of the numbers is, because squares of float32 do
 * not overflow JavaScript's float64.
 *
 * Four independent sums take half the time of one, 0.6 ns per number; declared separately, they take a third
 * of the time of an array of four.
 */
export function sumOfSquares(x: Float32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const last = x.length - 3;
  let index = 0;
  for (; index < last; index += 4) {
    const p = x[index] as number;
    const q = x[index + 1] as number;
    const r = x[index + 2] as number;
    const s = x[index + 3] as number;
    a += p * p;
    b += q * q;
    c += r * r;
    d += s * s;
  }
  for (; index < x.length; index++) {
    const p = x[index] as number;
    a += p * p;
  }
  return a + b + c + d;
}
