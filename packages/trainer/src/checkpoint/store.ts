import { checkBoolean, checkFunction, checkInteger, checkOptions } from '@kd/core';

/** Files of a checkpoint by name. */
export type CheckpointFiles = Readonly<Record<string, Uint8Array>>;

/** A checkpoint as it is kept. */
export interface StoredCheckpoint {
  /** Names it in errors: the path of its directory, say. */
  readonly name: string;
  readonly files: CheckpointFiles;
}

/** Where checkpoints are kept. `checkpointDirectory` of `@kd/trainer/node` keeps them on disk. */
export interface CheckpointStore {
  /** Keeps a checkpoint as a whole or not at all; whatever happens, the one before it stays good until then. */
  save(files: CheckpointFiles): Promise<void>;
  /** The newest checkpoint; undefined if there is none. */
  load(): Promise<StoredCheckpoint | undefined>;
}

/** Where and how often the state of a training is kept. */
export interface CheckpointOptions {
  readonly store: CheckpointStore;
  /** Whether to go on from the newest checkpoint, if there is one; default false: its presence is an error. */
  readonly resume?: boolean;
  /** Keeps the state after so many steps too, a whole number >= 1; default: after each epoch, and when the signal ends the training. */
  readonly everySteps?: number;
}

/** Checks the option `checkpoint` of a training. */
export function checkCheckpoint(where: string, argument: string, checkpoint: CheckpointOptions): void {
  checkOptions(where, checkpoint, ['store', 'resume', 'everySteps'], argument);
  const { store, resume, everySteps } = checkpoint;
  const { save, load } = Object(store) as { readonly save?: unknown; readonly load?: unknown };
  checkFunction(where, `${argument}.store.save`, save);
  checkFunction(where, `${argument}.store.load`, load);
  if (resume !== undefined) checkBoolean(where, `${argument}.resume`, resume);
  if (everySteps !== undefined) checkInteger(where, `${argument}.everySteps`, everySteps, 1);
}
