import type { EpochPosition } from '../epoch-position.js';
import type { StopReason } from '../events.js';
import type { EpochRecord } from '../history.js';
import type { StageRun } from '../stage-run.js';

/** Progress of a training, as JSON. Its tensors are in files beside it. */
export interface TrainingState {
  /** Finished stages. */
  readonly finished: readonly StageRun[];
  /** Index of the current stage. */
  readonly stage: number;
  /** Absent between two stages. */
  readonly position?: EpochPosition;
  /** Finished epochs of the current stage. */
  readonly history: readonly EpochRecord[];
  /** Best epoch of the current stage, and its score. */
  readonly best?: { readonly epoch: number; readonly score: number };
  /** Why the training ended, once it has. The current stage is then its last one, after its last step. */
  readonly ended?: Exclude<StopReason, 'aborted'>;
  /** The numeric fields of the optimizer. */
  readonly optimizer: Readonly<Record<string, number>>;
}
