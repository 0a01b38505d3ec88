/** The number between `from` (share 0) and `to` (share 1). */
export function interpolate(from: number, to: number, share: number): number {
  // Exact at both ends, and within [0, 1] if both ends are, so that a checked option never gets a value out
  // of range. from + (to - from) * share guarantees neither.
  return from * (1 - share) + to * share;
}
