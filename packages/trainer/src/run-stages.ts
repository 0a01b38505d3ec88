import { describeValue, KdError, nearestNames } from '@kd/core';
import type { NamedWeight, Parts } from '@kd/core';
import { namedWeights } from '@kd/model';
import type { ModuleStore, Student } from '@kd/recipe';
import { configOf } from './checkpoint/config.js';
import { checkpointerOf } from './checkpoint/checkpointer.js';
import { lockStore } from './checkpoint/from-store.js';
import type { StopReason } from './events.js';
import { claimWeights } from './in-training.js';
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
  /** The parts of the modules named in the option `keep`; the caller disposes them. */
  readonly modules: Readonly<Record<string, Parts>>;
}

/** Prepares all stages, then runs them one after the other, from the start or from a checkpoint. */
export async function runStages(
  where: string,
  planned: readonly PlannedStage[],
  settings: SharedSettings,
  validation: ValidationData | undefined,
): Promise<StagesRun> {
  const { signal, callbacks, onEvent, checkpoint, keep, compile } = settings;
  const { student } = (planned[0] as PlannedStage).recipe;
  const prepared: PreparedStage[] = [];
  const store: ModuleStore = new Map();
  const modules = (): NamedWeight[] => [...store.values()].flatMap(({ weights }) => weights);
  let unlock: (() => Promise<void>) | undefined;
  let release: (() => void) | undefined;
  try {
    const data = await prepareStages(where, planned, settings, validation, prepared, store);
    checkKept(where, keep, store);
    release = claimWeights(where, prepared.map(({ objective }) => objective)); // prettier-ignore
    unlock = checkpoint && (await lockStore(where, checkpoint.store));
    const checkpointer =
      checkpoint &&
      checkpointerOf(where, checkpoint, await configOf(where, settings, data, prepared, modules()));
    const resumed = await checkpointer?.resume(namedWeights(student.model), modules());
    const finished = [...(resumed?.finished ?? [])];
    const shared = { where, data, callbacks, onEvent, signal, compile };
    const run = { ...shared, pause: pauseEvery(50), checkpointer, modules };
    for (const stage of prepared.slice(finished.length)) {
      const snapshot = stage.index === resumed?.stage ? resumed.snapshot : undefined;
      const ended = await runStage(stage, run, finished, snapshot);
      finished.push(ended);
      if (ended.reason === 'aborted') break;
      if (stage.isLast) continue;
      await checkpointer?.save(snapshotBetween(finished, namedWeights(student.model), modules()));
    }
    const kept = takeKept(keep, store);
    return { student, stages: finished, reason: finished.at(-1)?.reason ?? 'finished', modules: kept };
  } finally {
    for (const { objective, optimizer } of prepared) {
      objective.dispose();
      optimizer.dispose();
    }
    for (const built of store.values()) built.dispose();
    release?.();
    await unlock?.();
  }
}

/** Throws `KD_OPTION_UNKNOWN` for a module that no term has. */
function checkKept(where: string, keep: readonly string[], store: ModuleStore): void {
  const unknown = keep.find((name) => !store.has(name));
  if (unknown === undefined) return;
  const names = [...store.keys()];
  throw new KdError({
    code: 'KD_OPTION_UNKNOWN',
    where,
    argument: 'options.keep',
    expected: names.length === 0 ? 'empty, because no term has a module' : `among ${names.join(', ')}`,
    received: describeValue(unknown),
    remedy: `Name the modules to get back.${nearestNames(unknown, names) === '' ? '' : ` Did you mean ${nearestNames(unknown, names)}?`}`,
  });
}

/** Takes modules out of the store, so that they are not disposed with it. */
function takeKept(keep: readonly string[], store: ModuleStore): Record<string, Parts> {
  const kept = keep.flatMap((name) => {
    const built = store.get(name);
    return built !== undefined && store.delete(name) ? [[name, built.parts] as const] : [];
  });
  return Object.fromEntries(kept);
}
