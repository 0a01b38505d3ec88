import type { PerceptronJob, PerceptronOutcome, TrainedNet } from '@kd-benchmarks/experiment/perceptrons';
import type { SoftSettings } from './settings.js';

/** One training. */
export interface Job extends PerceptronJob {
  /** Absent: the job trains the teacher itself, which learns from labels. */
  readonly lesson?: {
    readonly teacher: TrainedNet;
    readonly soft: SoftSettings;
    /** Classes whose bias is corrected after training. */
    readonly corrected: readonly number[];
  };
}

/** Errors on each class. */
export type ErrorsByClass = readonly number[];

/** Errors before and after a correction, on test digits and on validation digits. */
export interface CorrectedErrors {
  /** The offset added to each bias. */
  readonly offsets: readonly number[];
  readonly test: ErrorsByClass;
  readonly validation: ErrorsByClass;
}

/** The outcome of a training. */
export interface Outcome extends PerceptronOutcome {
  readonly plain: Omit<CorrectedErrors, 'offsets'>;
  /** With the biases of the named classes corrected; absent if no class is named. */
  readonly corrected?: CorrectedErrors;
  /** With all biases corrected; absent for the teacher. */
  readonly allCorrected?: CorrectedErrors;
}
