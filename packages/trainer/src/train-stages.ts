import { checkOptions } from '@kd/core';
import { namedWeights } from '@kd/model';
import type { Student } from '@kd/recipe';
import { configOf } from './checkpoint/config.js';
import { keeperOf } from './checkpoint/keeper.js';
import type { StopReason } from './events.js';
import { pauseEvery } from './pause.js';
import { prepareStages } from './prepare-stages.js';
import type { Place, PreparedStage } from './prepare-stages.js';
import { runStage } from './run-stage.js';
import { checkStages } from './stage.js';
import type { StagesDefinition, StagesOptions } from './stages-definition.js';
import type { StageRun } from './stage-run.js';
import { snapshotBetween } from './stage-state.js';
import { checkShared, checkValidationData, sharedNames } from './train-options.js';

/** What a training in stages gives back. */
export interface StagesRun {
  /** The student of the definition, the caller's own model, trained. */
  readonly student: Student;
  /** One for each stage that was begun. */
  readonly stages: readonly StageRun[];
  /** Why the last of them ended. */
  readonly reason: StopReason;
}

/**
 * Trains a student in stages: each has its terms, a fresh optimizer, layers that learn, and an end.
 *
 * Everything that can be is checked for all stages before the first step. A stage ends with the weights of its best epoch, and the next
 * one begins with them. With checkpoints, a training that was killed goes on as if it had not been: the same weights, on cpu and wasm to
 * the bit.
 *
 * @param definition student, teacher, stages
 * @param options data, and optionally validation set, batch size, seed, callbacks, events, abort signal, checkpoints
 * @returns the trained student, and what each stage has done
 * @throws (rejects) what `train` does, and `KD_LAYER_UNKNOWN` for layers that are none; with checkpoints `KD_CHECKPOINT_EXISTS`,
 *   `KD_CHECKPOINT_MISMATCH`, `KD_CHECKPOINT_DAMAGED`, `KD_FILE_READ`, `KD_FILE_WRITE`
 *
 * @example
 * ```ts
 * import { hardTarget } from '@kd/soft-target-loss/terms';
 * import { trainStages } from '@kd/trainer';
 * import { tensor1d, tensor2d, train as optimizers } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const model = sequential({
 *   layers: [layers.dense({ name: 'hidden', units: 4, inputShape: [2] }), layers.dense({ name: 'logits', units: 2 })],
 * });
 * const shared = { terms: [hardTarget()], epochs: 10, optimizer: () => optimizers.adam(0.05) };
 * const run = await trainStages(
 *   {
 *     student: { model, output: 'logits' },
 *     stages: [
 *       { ...shared, name: 'head', trainable: ['logits'] },
 *       { ...shared, name: 'all', learningRates: { hidden: 0.1 } },
 *     ],
 *   },
 *   { data: { inputs: tensor2d([[1, 0], [0, 1]]), labels: tensor1d([0, 1], 'int32') } },
 * );
 * console.log(run.stages.map(({ name, history, reason }) => `${name} ${history.length} ${reason}`).join(', '));
 * // head 10 finished, all 10 finished
 * ```
 */
export async function trainStages(definition: StagesDefinition, options: StagesOptions): Promise<StagesRun> {
  const where = 'trainStages';
  checkOptions(where, definition, ['student', 'teacher', 'stages'], 'definition');
  checkOptions(where, options, [...sharedNames, 'validation']);
  checkShared(where, options);
  const { validation } = options;
  if (validation !== undefined) {
    checkOptions(where, validation, ['data', 'batchSize'], 'options.validation');
    checkValidationData(where, validation);
  }
  checkStages(where, definition.stages, validation !== undefined);
  const places = definition.stages.map((_, index) => ({
    stage: `stages[${String(index)}].`,
    stopping: `stages[${String(index)}].stopping`,
  }));
  return runStages(where, definition, options, places);
}

/** Trains stages that were checked as far as it can be without the student. */
export async function runStages(
  where: string,
  definition: StagesDefinition,
  options: StagesOptions,
  places: readonly Place[],
): Promise<StagesRun> {
  const { signal, callbacks = [], onEvent = () => undefined, checkpoint } = options;
  const { student } = definition;
  const prepared: PreparedStage[] = [];
  try {
    const data = await prepareStages(where, definition, options, places, prepared);
    const keeper = checkpoint && keeperOf(where, checkpoint, configOf(options, data, prepared));
    const resumed = await keeper?.resume(student);
    const finished = [...(resumed?.finished ?? [])];
    const shared = { where, data, callbacks, onEvent, signal, pause: pauseEvery(50), keeper };
    for (const stage of prepared.slice(finished.length)) {
      const snapshot = stage.index === resumed?.stage ? resumed.snapshot : undefined;
      const run = await runStage(stage, finished, shared, snapshot);
      finished.push(run);
      if (run.reason === 'aborted') break;
      await keeper?.save(snapshotBetween(finished, namedWeights(student.model)));
    }
    return { student, stages: finished, reason: finished.at(-1)?.reason ?? 'finished' };
  } finally {
    for (const { objective, optimizer } of prepared) {
      objective.dispose();
      optimizer.dispose();
    }
  }
}
