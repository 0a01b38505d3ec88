import type { PerceptronJob, PerceptronOutcome, TrainedNet } from '@kd-benchmarks/experiment/perceptrons';
import type { SoftSettings } from './settings.js';

/** One training. */
export interface Job extends PerceptronJob {
  /** How many of its digits have labels, from the first one. */
  readonly labelled: number;
  /** Absent: the labels alone. */
  readonly lesson?: { readonly teacher: TrainedNet; readonly soft: SoftSettings };
}

/** What a training has come to. */
export interface Outcome extends PerceptronOutcome {
  readonly testErrors: number;
  /** Of each epoch, in per cent. */
  readonly validationErrors: readonly number[];
}
