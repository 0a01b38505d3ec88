import type { PerceptronJob, PerceptronOutcome, TrainedNet } from '@kd-benchmarks/experiment/perceptrons';
import type { MeanName } from './means.js';
import type { SoftSettings } from './settings.js';

/** One training. */
export interface Job extends PerceptronJob {
  /** Absent: labels alone. */
  readonly lesson?: {
    readonly teachers: readonly TrainedNet[];
    readonly mean: MeanName;
    readonly soft: SoftSettings;
  };
}

/** What a training has come to. */
export interface Outcome extends PerceptronOutcome {
  readonly testErrors: number;
  /** The lowest of the epochs, in per cent. */
  readonly validationError: number;
}
