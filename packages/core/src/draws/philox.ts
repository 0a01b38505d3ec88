/** Four 32-bit words. */
export type Words = readonly [number, number, number, number];

/**
 * Fills an array whose length is a multiple of four with random 32-bit words: Philox 4x32 with 10 rounds of
 * the counters `counter`, `counter + 1`, ... (Salmon et al. 2011, "Parallel random numbers: as easy as
 * 1, 2, 3"). The first word of the counter must not overflow.
 */
export function philox(
  words: Int32Array,
  [c0, c1, c2, c3]: Words,
  [k0, k1]: readonly [number, number],
): void {
  for (let start = 0; start < words.length; start += 4) {
    let w0 = (c0 + start / 4) | 0;
    let w1 = c1;
    let w2 = c2;
    let w3 = c3;
    let key0 = k0;
    let key1 = k1;
    for (let round = 0; round < 10; round++) {
      const next0 = highOfProduct(0xcd9e, 0x8d57, w2) ^ w1 ^ key0;
      const next2 = highOfProduct(0xd251, 0x1f53, w0) ^ w3 ^ key1;
      w1 = Math.imul(0xcd9e8d57, w2);
      w3 = Math.imul(0xd2511f53, w0);
      w0 = next0;
      w2 = next2;
      key0 = (key0 + 0x9e3779b9) | 0;
      key1 = (key1 + 0xbb67ae85) | 0;
    }
    words[start] = w0;
    words[start + 1] = w1;
    words[start + 2] = w2;
    words[start + 3] = w3;
  }
}

/**
 * The upper 32 bits of the product of two unsigned 32-bit numbers, the first one in halves. JavaScript has
 * only the lower ones; no sum here exceeds 32 bits.
 */
function highOfProduct(high: number, low: number, x: number): number {
  const xLow = x & 0xffff;
  const xHigh = x >>> 16;
  const middle = (Math.imul(high, xLow) + (Math.imul(low, xLow) >>> 16)) | 0;
  const other = (Math.imul(low, xHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(high, xHigh) + (middle >>> 16) + (other >>> 16)) | 0;
}
