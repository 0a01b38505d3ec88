import type { PerceptronJob, PerceptronOutcome, TrainedNet } from '@kd-benchmarks/experiment/perceptrons';
import type { MeanName } from './means.js';
import type { SoftSettings } from './settings.js';

/** One training. */
export interface Job extends PerceptronJob {
  /** Absent: the student learns from labels alone. */
  readonly lesson?: {
    readonly teachers: readonly TrainedNet[];
    readonly mean: MeanName;
    readonly soft: SoftSettings;
  };
}

/** The outcome of a training. */
export interface Outcome extends PerceptronOutcome {
  readonly testErrors: number;
  /** The lowest validation error of all epochs, in per cent. */
  readonly validationError: number;
}
