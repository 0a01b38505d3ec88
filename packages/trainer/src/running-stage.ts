import type { StepRunner } from '@kd/core';
import type { BestEpoch } from './best-epoch.js';
import type { prepareCallbacks } from './callbacks.js';
import type { scaledWeights } from './learning-rates.js';
import type { PreparedStage } from './prepare-stages.js';
import type { RememberedWeights } from './remembered-weights.js';
import type { Reads } from './reads.js';
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
  /** What a forward pass in training mode changes by itself: statistics of batch normalisation. */
  readonly statistics: RememberedWeights;
  /** All weights before the last step and before the one that is running, by the parity of the step. */
  readonly generations: readonly [RememberedWeights, RememberedWeights];
  readonly reads: Reads;
  readonly best: BestEpoch;
  /** Epochs of earlier stages. */
  readonly earlierEpochs: number;
}
