/** Averages over a validation set by name: `loss` and `accuracy` with the default measure. */
export type Measurements = Readonly<Record<string, number>>;

/** What is kept of an epoch. */
export interface EpochRecord {
  /** From 0. */
  readonly epoch: number;
  /** Steps done since the start of the run. */
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

/** Adds up losses over the batches of an epoch. */
export interface RunningMean {
  readonly add: (values: Measurements, examples: number) => void;
  readonly mean: () => Measurements;
}

/** A mean over examples of several named values. */
export function runningMean(): RunningMean {
  const sums = new Map<string, number>();
  let count = 0;
  return {
    add: (values, examples) => {
      count += examples;
      for (const [name, value] of Object.entries(values))
        sums.set(name, (sums.get(name) ?? 0) + value * examples);
    },
    mean: () => Object.fromEntries([...sums].map(([name, sum]) => [name, sum / count])),
  };
}
