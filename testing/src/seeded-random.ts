/** A source of numbers in [0, 1) like Math.random, the same for the same seed (Park and Miller's generator, 1988). */
export function seededRandom(seed: number): () => number {
  const modulus = 2147483647;
  let state = (seed % (modulus - 1)) + 1;
  return () => (state = (state * 16807) % modulus) / modulus;
}
