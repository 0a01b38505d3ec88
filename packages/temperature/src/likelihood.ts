import type { HeldOut } from './read-held-out.js';

/** Mean of `-log softmax(z / T)[y]` over the rows, in float64. */
export function negativeLogLikelihood({ values, labels, classes }: HeldOut, temperature: number): number {
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const logits = values.subarray(row * classes, (row + 1) * classes);
    const largest = logits.reduce((a, b) => Math.max(a, b));
    const sum = logits.reduce((partial, logit) => partial + Math.exp((logit - largest) / temperature), 0);
    total += Math.log(sum) - ((logits[labels[row] as number] as number) - largest) / temperature;
  }
  return total / labels.length;
}

/** An end of the temperature axis. */
export type End = 'zero' | 'infinity';

/**
 * The end towards which the likelihood keeps rising, if there is one.
 *
 * It rises towards T -> 0 exactly if every label has the largest logit in its row, and towards T -> infinity
 * exactly if the labels' logits are on average no larger than the others. The search cannot detect either
 * case where the likelihood has underflowed to a constant.
 */
export function unboundedTowards({ values, labels, classes }: HeldOut): End | undefined {
  let allRight = true;
  let advantage = 0;
  for (let row = 0; row < labels.length; row++) {
    const logits = values.subarray(row * classes, (row + 1) * classes);
    const ofLabel = logits[labels[row] as number] as number;
    allRight &&= logits.every((logit) => logit <= ofLabel);
    advantage += logits.reduce((sum, logit) => sum + (ofLabel - logit), 0);
  }
  if (advantage <= 0) return 'infinity';
  return allRight ? 'zero' : undefined;
}
