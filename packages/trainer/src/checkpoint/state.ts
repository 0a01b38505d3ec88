import type { EpochRecord } from '../history.js';
import type { EpochPosition } from '../epoch-position.js';
import type { StageRun } from '../stage-run.js';

/** Where a training is, as JSON. Its tensors are in files beside it. */
export interface TrainingState {
  /** Stages that are over. */
  readonly finished: readonly StageRun[];
  /** Index of the stage at hand; the number of stages when all are over. */
  readonly stage: number;
  /** Absent between two stages. */
  readonly position?: EpochPosition;
  /** Epochs of the stage at hand. */
  readonly history: readonly EpochRecord[];
  /** Best epoch of the stage at hand, and its score. */
  readonly best?: { readonly epoch: number; readonly score: number };
  /** Numbers among the fields of the optimizer. */
  readonly optimizer: Readonly<Record<string, number>>;
}
