import type { StopReason } from './events.js';
import type { EpochRecord } from './history.js';

/** The result of one stage. */
export interface StageRun {
  readonly name: string;
  /** One record per epoch, including one that a callback ended early, excluding one that was aborted. */
  readonly history: readonly EpochRecord[];
  /** Why the stage ended. */
  readonly reason: StopReason;
  /**
   * The epoch whose weights were restored; undefined without validation, when the weights are those of the
   * last step.
   */
  readonly bestEpoch: number | undefined;
}
