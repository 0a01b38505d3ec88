/**
 * A replacement for Math.random: numbers in (0, 1), determined by a whole seed >= 0 (Park and Miller 1988).
 */
export function seededRandom(seed: number): () => number {
  const modulus = 2147483647;
  let state = (seed % (modulus - 1)) + 1;
  return () => (state = (state * 16807) % modulus) / modulus;
}
