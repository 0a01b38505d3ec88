/** Numbers in (0, 1), the same for the same seed (Park and Miller 1988). */
export function seededNumbers(seed: number): () => number {
  const modulus = 2147483647;
  let state = (seed % (modulus - 1)) + 1;
  // The first numbers of neighbouring seeds are neighbours.
  for (let skipped = 0; skipped < 5; skipped++) state = (state * 16807) % modulus;
  return () => (state = (state * 16807) % modulus) / modulus;
}
