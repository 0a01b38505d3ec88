/** Averages over a validation set by name: `loss` and `accuracy` with the default measure. */
export type Measurements = Readonly<Record<string, number>>;

/** What is kept of an epoch. */
export interface EpochRecord {
  /** From 0. */
  readonly epoch: number;
  /** Steps done since the start of the stage. */
  readonly step: number;
  /** Mean of the weighted total over the epoch's examples. */
  readonly total: number;
  /** Mean of each term's unweighted loss over the epoch's examples. */
  readonly losses: Measurements;
  /** Absent without a validation set. */
  readonly validation?: Measurements;
  /** Whether this is the best epoch so far. */
  readonly improved: boolean;
  /** Wall-clock time of the epoch, validation included. */
  readonly seconds: number;
}

/** What a mean over examples has added up. */
export interface Sums {
  readonly examples: number;
  readonly values: Measurements;
}

/** Nothing added up yet. */
export const noSums: Sums = { examples: 0, values: {} };

/** Adds the means of further examples. */
export function addTo(sums: Sums, values: Measurements, examples: number): Sums {
  const added = Object.entries(values).map(([name, value]) => [
    name,
    (sums.values[name] ?? 0) + value * examples,
  ]);
  return { examples: sums.examples + examples, values: Object.fromEntries(added) as Measurements };
}

/** The means of what was added up. */
export function meansOf({ examples, values }: Sums): Measurements {
  return Object.fromEntries(Object.entries(values).map(([name, sum]) => [name, sum / examples]));
}
