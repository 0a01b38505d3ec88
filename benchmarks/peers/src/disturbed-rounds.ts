/**
 * The rounds in which something else kept a series busy: its median is over twice the smallest median of all
 * rounds. PyTorch's threads wait for each other, so one busy processor holds up all of them.
 *
 * @param series for each series the median of each round
 */
export function disturbedRounds(series: readonly (readonly number[])[]): number[] {
  const disturbed = series.flatMap((medians) => {
    const limit = 2 * Math.min(...medians);
    return medians.flatMap((median, round) => (median > limit ? [round] : []));
  });
  return [...new Set(disturbed)].sort((a, b) => a - b);
}
