/** Whether the weights of members are shares of a mixture: none below zero, and with the sum one. */
export function areShares(weights: readonly number[]): boolean {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.every((weight) => weight >= 0) && Math.abs(sum - 1) < 1e-5;
}
