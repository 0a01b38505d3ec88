import type { PerceptronJob, PerceptronOutcome, TrainedNet } from '@kd-benchmarks/experiment/perceptrons';
import type { SoftSettings } from './settings.js';

/** One training. */
export interface Job extends PerceptronJob {
  /** Number of labelled digits, starting with the first one. */
  readonly labelled: number;
  /** Absent: labels alone. */
  readonly lesson?: { readonly teacher: TrainedNet; readonly soft: SoftSettings };
}

/** The outcome of a training. */
export interface Outcome extends PerceptronOutcome {
  readonly testErrors: number;
  /** Validation error of each epoch, in per cent. */
  readonly validationErrors: readonly number[];
}
