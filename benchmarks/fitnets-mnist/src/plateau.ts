const window = 50;

/**
 * The first step after which the mean loss of the last 50 steps is a tenth below that of the first 50; null
 * if there is none.
 */
export function leftPlateau(losses: readonly number[]): number | null {
  let sum = losses.slice(0, window).reduce((a, b) => a + b, 0);
  const start = sum;
  for (let step = window; step < losses.length; step++) {
    sum += (losses[step] as number) - (losses[step - window] as number);
    if (sum <= 0.9 * start) return step + 1;
  }
  return null;
}
