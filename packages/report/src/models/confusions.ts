/** How often a label got a prediction. */
export interface Confusion {
  readonly label: number;
  readonly predicted: number;
  readonly count: number;
}

/** The pairs of label and prediction that occur, the most frequent first. */
export function confusionsOf(labels: ArrayLike<number>, predictions: ArrayLike<number>): Confusion[] {
  const pairs = new Map<string, Confusion>();
  for (let row = 0; row < labels.length; row++) {
    const [label = NaN, predicted = NaN] = [labels[row], predictions[row]];
    const key = `${String(label)} ${String(predicted)}`;
    pairs.set(key, { label, predicted, count: (pairs.get(key)?.count ?? 0) + 1 });
  }
  return [...pairs.values()].sort(
    (a, b) => b.count - a.count || a.label - b.label || a.predicted - b.predicted,
  );
}
