// Both views share one word: the bits of a float32.
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The bits of the float16 nearest to a number, ties to even; infinity beyond 65504. */
export function halfBits(value: number): number {
  float[0] = value;
  const word = bits[0] as number;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  // 65520 and more round to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below 2^-14 the spacing of float16 is 2^-24. This sum rounds to it, because the spacing of float32 at
    // 0.5 is 2^-24 too.
    float[0] = Math.abs(value) + 0.5;
    return sign | ((bits[0] as number) - 0x3f000000);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** The value of each of the 65,536 float16 numbers, indexed by its bits. */
export const halfValues: Float32Array = Float32Array.from({ length: 0x10000 }, (_, half) => {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
});

/** Rounds numbers to float16, in place. */
export function roundToHalf(values: Float32Array, start: number, end: number): void {
  for (let index = start; index < end; index++) {
    values[index] = halfValues[halfBits(values[index] as number)] as number;
  }
}
