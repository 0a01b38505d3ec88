import { dispose } from '@tensorflow/tfjs-core';
import { KdError } from '@kd/core';
import type { NamedWeight } from '@kd/core';
import type { StageRun } from '../stage-run.js';
import { assign } from '../stage-state.js';
import type { StageSnapshot } from '../stage-state.js';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import type { Checkpoint, LoadedCheckpoint } from './checkpoint.js';
import { checkTensors, tensorsFor } from './check-tensors.js';
import type { TrainingConfig } from './config.js';
import { reopened, resultOf } from './ended.js';
import { loadFrom } from './from-store.js';
import type { CheckpointOptions, CheckpointStore } from './store.js';

/** Where a training resumes. */
export interface Resumed {
  readonly finished: readonly StageRun[];
  readonly stage: number;
  /** The state inside that stage; undefined at its start. */
  readonly snapshot: StageSnapshot | undefined;
}

/** Saves the state of a training, and loads it again. */
export interface Checkpointer {
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  /** Saves the state also after this many steps. */
  readonly everySteps: number;
  /**
   * Where the newest checkpoint lets the training resume; undefined if there is none. Between stages and at
   * the end, these weights of student and modules get their values immediately.
   */
  readonly resume: (
    student: readonly NamedWeight[],
    modules: readonly NamedWeight[],
  ) => Promise<Resumed | undefined>;
}

/** Makes the checkpointer for the option `checkpoint` of a training. */
export function checkpointerOf(
  where: string,
  options: CheckpointOptions,
  config: TrainingConfig,
): Checkpointer {
  const { store, resume = false, everySteps = Infinity } = options;
  return {
    everySteps,
    save: (checkpoint) => saveCheckpoint(store, config, checkpoint),
    resume: async (student, modules) => {
      if (!resume) {
        await checkEmpty(where, store);
        return undefined;
      }
      const checkpoint = await loadCheckpoint(where, store, config);
      if (checkpoint === undefined) return undefined;
      const { finished, stage } = checkpoint.state;
      if (isInsideStage(checkpoint)) return { finished, stage, snapshot: checkpoint };
      const result = resultOf(checkpoint.state, config);
      if (hasEnded(checkpoint) && result === undefined)
        return { finished, stage, snapshot: reopened(checkpoint, student, modules) };
      restoreBetween(student, modules, checkpoint);
      return { finished: [...finished, ...(result ? [result] : [])], stage, snapshot: undefined };
    },
  };
}

function isInsideStage(checkpoint: LoadedCheckpoint): checkpoint is StageSnapshot {
  return checkpoint.state.position !== undefined && checkpoint.state.ended === undefined;
}

function hasEnded(checkpoint: LoadedCheckpoint): checkpoint is StageSnapshot {
  return checkpoint.state.position !== undefined && checkpoint.state.ended !== undefined;
}

function restoreBetween(
  weights: readonly NamedWeight[],
  moduleWeights: readonly NamedWeight[],
  { student, modules, optimizer, best, last, damaged }: LoadedCheckpoint,
): void {
  try {
    checkTensors(tensorsFor(weights), student, damaged('student'));
    checkTensors(tensorsFor(moduleWeights), modules, damaged('modules'));
    assign(weights, student);
    assign(moduleWeights, modules);
  } finally {
    dispose([student, modules, optimizer, best, last].flatMap((group) => Object.values(group)));
  }
}

async function checkEmpty(where: string, store: CheckpointStore): Promise<void> {
  const found = await loadFrom(where, store);
  if (found === undefined) return;
  throw new KdError({
    code: 'KD_CHECKPOINT_EXISTS',
    where,
    argument: 'options.checkpoint.store',
    expected: 'empty for a training that does not resume',
    received: found.name,
    remedy: 'Pass resume: true to resume from it, or choose another directory.',
  });
}
