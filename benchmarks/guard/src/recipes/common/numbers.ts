/**
 * Numbers from -1 to 1, the same everywhere for the same seed (Park and Miller 1988). Implemented here,
 * because recipes also run in worktrees of commits that have no helper for it.
 */
export function numbers(count: number, seed: number): Float32Array {
  const modulus = 2147483647;
  let state = (seed * 69621 + 1) % modulus;
  return Float32Array.from({ length: count }, () => {
    state = (state * 16807) % modulus;
    return (2 * state) / modulus - 1;
  });
}
