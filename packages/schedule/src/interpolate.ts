/** The number that lies between `from` (share 0) and `to` (share 1). */
export function interpolate(from: number, to: number, share: number): number {
  // Exact at both ends, and in [0, 1] between ends in [0, 1], so that a checked option never meets a value outside its
  // domain. from + (to - from) * share is neither.
  return from * (1 - share) + to * share;
}
