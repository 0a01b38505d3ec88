import { boolean, like, optionsOf, whole } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';

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
  /** Keeps other trainings out until the function that it gives is called. A training calls it before it loads, and that function at its end. */
  lock?(): Promise<() => Promise<void>>;
}

/** Where and how often the state of a training is kept. */
export interface CheckpointOptions {
  readonly store: CheckpointStore;
  /** Whether to go on from the newest checkpoint, if there is one; default false: its presence is an error. */
  readonly resume?: boolean;
  /** Keeps the state after so many steps too, a whole number >= 1; default: after each epoch, and when the signal ends the training. */
  readonly everySteps?: number;
}

/** Describes the option `checkpoint` of a training. */
export const checkpointOptions: Options<
  CheckpointOptions,
  FieldsOf<CheckpointOptions>
> = optionsOf<CheckpointOptions>()({
  store: like(
    'a store of checkpoints, with save and load, and perhaps lock',
    isStore,
    'Pass checkpointDirectory(path) of @kd/trainer/node, or a store of your own.',
  ),
  resume: boolean.optional(),
  everySteps: whole(1).optional(),
});

function isStore(value: unknown): value is CheckpointStore {
  const { save, load, lock } = Object(value) as { readonly [name in keyof CheckpointStore]?: unknown };
  const mayLock = lock === undefined || typeof lock === 'function';
  return typeof save === 'function' && typeof load === 'function' && mayLock;
}
