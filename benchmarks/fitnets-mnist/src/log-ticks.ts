/**
 * The lower edge, in per cent: one of MNIST's test digits. An error of zero has no logarithm, so smaller
 * values are drawn here.
 */
export const smallestTick = 0.01;

/**
 * Round numbers 1, 2, 5, 10, ... around values above zero: from the last one below all of them to the first
 * one above.
 */
export function logTicks(values: readonly number[]): number[] {
  const lowest = Math.max(smallestTick, Math.min(...values));
  const highest = Math.max(...values);
  const ticks = Array.from({ length: 7 }, (_, index) => index - 2).flatMap((power) =>
    // Divided by negative powers, not multiplied: 2 * 10 ** -1 is not 0.2 on every machine.
    [1, 2, 5].map((digit) => (power < 0 ? digit / 10 ** -power : digit * 10 ** power)),
  );
  const from = ticks.findLastIndex((tick) => tick <= lowest);
  const to = ticks.findIndex((tick) => tick >= highest);
  // At least one interval, even if all values are the same tick.
  return ticks.slice(from, Math.max(to, from + 1) + 1);
}
