import type { StopReason } from './events.js';
import type { EpochRecord } from './history.js';

/** What one stage has done. */
export interface StageRun {
  readonly name: string;
  /** One record for each epoch, also for one that a callback has ended early, not for one that was aborted. */
  readonly history: readonly EpochRecord[];
  /** Why the stage ended. */
  readonly reason: StopReason;
  /** The epoch whose weights the student was given back; undefined without validation: those of the last step. */
  readonly bestEpoch: number | undefined;
}
