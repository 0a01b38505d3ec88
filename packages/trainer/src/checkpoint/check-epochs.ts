import { KdError } from '@kd/core';
import type { TrainingConfig } from './config.js';
import type { TrainingState } from './state.js';

/**
 * Throws `KD_CHECKPOINT_MISMATCH` unless a training can resume with its own numbers of epochs: as many as the
 * checkpoint has begun in the current stage or more, and the same in the stages before, which are over.
 */
export function checkEpochs(
  where: string,
  name: string,
  kept: TrainingConfig,
  own: TrainingConfig,
  { stage: current, position }: TrainingState,
): void {
  const begun = position === undefined ? 0 : position.epoch + Number(position.batch > 0);
  for (const [index, stage] of own.stages.slice(0, current + 1).entries()) {
    const done = index === current ? begun : (kept.stages[index]?.epochs ?? NaN);
    if (index === current ? stage.epochs >= done : stage.epochs === done) continue;
    throw new KdError({
      code: 'KD_CHECKPOINT_MISMATCH',
      where,
      argument: `the epochs of the stage ${JSON.stringify(stage.name)}`,
      expected:
        index === current
          ? `>= ${String(done)}, as many as the checkpoint ${name} has begun`
          : `${String(done)}, because the stage is over in the checkpoint ${name}`,
      received: String(stage.epochs),
      remedy:
        'Ask for at least as many epochs as are done, change no stage that is over, or start afresh in another directory.',
    });
  }
}
