import { namedWeights } from '@kd/model';
import type { Student } from '@kd/recipe';
import { configOf } from './checkpoint/config.js';
import { checkpointerOf } from './checkpoint/checkpointer.js';
import { lockStore } from './checkpoint/from-store.js';
import type { StopReason } from './events.js';
import { pauseEvery } from './pause.js';
import { prepareStages } from './prepare-stages.js';
import type { PlannedStage, PreparedStage } from './prepare-stages.js';
import { runStage } from './run-stage.js';
import type { StageRun } from './stage-run.js';
import { snapshotBetween } from './stage-state.js';
import type { SharedSettings, ValidationData } from './train-options.js';

/** The result of a training in stages. */
export interface StagesRun {
  /** The student of the definition: the caller's own model, trained. */
  readonly student: Student;
  /** One entry for each stage that began. */
  readonly stages: readonly StageRun[];
  /** Why the last of them ended. */
  readonly reason: StopReason;
}

/** Prepares all stages, then runs them one after the other, from the start or from a checkpoint. */
export async function runStages(
  where: string,
  planned: readonly PlannedStage[],
  settings: SharedSettings,
  validation: ValidationData | undefined,
): Promise<StagesRun> {
  const { signal, callbacks, onEvent, checkpoint } = settings;
  const { student } = (planned[0] as PlannedStage).recipe;
  const prepared: PreparedStage[] = [];
  let unlock: (() => Promise<void>) | undefined;
  try {
    const data = await prepareStages(where, planned, settings, validation, prepared);
    unlock = checkpoint && (await lockStore(where, checkpoint.store));
    const checkpointer = checkpoint && checkpointerOf(where, checkpoint, configOf(settings, data, prepared));
    const resumed = await checkpointer?.resume(student);
    const finished = [...(resumed?.finished ?? [])];
    const run = { where, data, callbacks, onEvent, signal, pause: pauseEvery(50), checkpointer };
    for (const stage of prepared.slice(finished.length)) {
      const snapshot = stage.index === resumed?.stage ? resumed.snapshot : undefined;
      const ended = await runStage(stage, run, finished, snapshot);
      finished.push(ended);
      if (ended.reason === 'aborted') break;
      await checkpointer?.save(snapshotBetween(finished, namedWeights(student.model)));
    }
    return { student, stages: finished, reason: finished.at(-1)?.reason ?? 'finished' };
  } finally {
    for (const { objective, optimizer } of prepared) {
      objective.dispose();
      optimizer.dispose();
    }
    await unlock?.();
  }
}
