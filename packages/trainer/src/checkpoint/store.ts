import { boolean, like, optionsOf, whole } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';

/** Files of a checkpoint by name. */
export type CheckpointFiles = Readonly<Record<string, Uint8Array>>;

/** A checkpoint as stored. */
export interface StoredCheckpoint {
  /** Identifies it in errors, for example by the path of its directory. */
  readonly name: string;
  readonly files: CheckpointFiles;
}

/** Where checkpoints are stored. `checkpointDirectory` of `@kd/trainer/node` stores them on disk. */
export interface CheckpointStore {
  /** Saves a checkpoint completely or not at all; the previous one stays good until then. */
  save(files: CheckpointFiles): Promise<void>;
  /** The newest checkpoint; undefined if there is none. */
  load(): Promise<StoredCheckpoint | undefined>;
  /**
   * Keeps other trainings out until the returned function is called. A training locks before it loads, and
   * releases at its end.
   */
  lock?(): Promise<() => Promise<void>>;
}

/** Where and how often to save the state of a training. */
export interface CheckpointOptions {
  readonly store: CheckpointStore;
  /**
   * Whether to resume from the newest checkpoint, if there is one. Default false: an existing checkpoint is
   * then an error.
   */
  readonly resume?: boolean;
  /**
   * Also saves the state after every so many steps, a whole number >= 1. Default: after each epoch, and when
   * the signal ends the training.
   */
  readonly everySteps?: number;
}

/** Describes the option `checkpoint` of a training. */
export const checkpointOptions: Options<
  CheckpointOptions,
  FieldsOf<CheckpointOptions>
> = optionsOf<CheckpointOptions>()({
  store: like(
    'a checkpoint store with save, load and optionally lock',
    isStore,
    'Pass checkpointDirectory(path) of @kd/trainer/node, or your own store.',
  ),
  resume: boolean.optional(),
  everySteps: whole(1).optional(),
});

function isStore(value: unknown): value is CheckpointStore {
  const { save, load, lock } = Object(value) as { readonly [name in keyof CheckpointStore]?: unknown };
  const mayLock = lock === undefined || typeof lock === 'function';
  return typeof save === 'function' && typeof load === 'function' && mayLock;
}
