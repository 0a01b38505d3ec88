import type { Compile, NamedWeight } from '@kd/core';
import type { Callback } from './callbacks.js';
import type { Checkpointer } from './checkpoint/checkpointer.js';
import type { PreparedData } from './data/prepare-data.js';
import type { TrainEvent } from './events.js';

/** What all stages of a training share. */
export interface TrainingRun {
  readonly where: string;
  readonly data: PreparedData;
  readonly callbacks: readonly Callback[];
  readonly onEvent: (event: TrainEvent) => void;
  readonly signal: AbortSignal | undefined;
  readonly compile: Compile;
  readonly pause: () => Promise<void>;
  /** The weights of all modules of the training. */
  readonly modules: () => readonly NamedWeight[];
  /** Undefined without checkpoints. */
  readonly checkpointer: Checkpointer | undefined;
}
