import type { StepRunner } from '@kd/core';
import type { BestEpoch } from './best-epoch.js';
import type { prepareCallbacks } from './callbacks.js';
import type { scaledWeights } from './learning-rates.js';
import type { PreparedStage } from './prepare-stages.js';
import type { Statistics } from './statistics.js';
import type { TrainingRun } from './training-run.js';

/** A running stage: what was prepared for it, and what lives as long as it does. */
export interface RunningStage extends PreparedStage {
  readonly run: TrainingRun;
  readonly callbacks: ReturnType<typeof prepareCallbacks>;
  /** Weights with a learning rate multiplier. */
  readonly scaled: ReturnType<typeof scaledWeights>;
  /** Runs the steps, as one call of the backend where it can. */
  readonly runner: StepRunner;
  /** Runs the student on a validation set, likewise. */
  readonly inference: StepRunner;
  /** Reports what becomes of the steps; call it after each step. */
  readonly reportCompile: (step: number) => void;
  readonly statistics: Statistics;
  readonly best: BestEpoch;
  /** Epochs of earlier stages. */
  readonly earlierEpochs: number;
}
