import { defineRecipe } from '@kd/recipe';
import { runStages } from './run-stages.js';
import type { StagesRun } from './run-stages.js';
import { readDefinition, stagesOptions } from './stages-definition.js';
import type { StagesDefinition, StagesOptions } from './stages-definition.js';
import { checkDataOptions } from './train-options.js';

/**
 * Trains a student in stages. Each stage has its own terms, trainable layers, fresh optimizer and end.
 *
 * Whatever can be checked is checked for all stages before the first step. Each stage ends with the weights
 * of its best epoch, and the next one begins with them. With checkpoints, a killed training resumes as if it
 * had not been interrupted: it gives the same weights, bit for bit on cpu and wasm. A finished one can be
 * extended by more epochs of its last stage.
 *
 * @param definition student, teacher, stages
 * @param options data; optionally validation set, batch size, seed, callbacks, events, abort signal,
 *   checkpoints
 * @returns the trained student, and the result of each stage
 * @throws (rejects) what `train` throws, and `KD_LAYER_UNKNOWN` for unknown layers; with checkpoints
 *   `KD_CHECKPOINT_EXISTS`, `KD_CHECKPOINT_MISMATCH`, `KD_CHECKPOINT_DAMAGED`, `KD_FILE_READ`,
 *   `KD_FILE_WRITE`, `KD_DISK_FULL`, `KD_FILE_BUSY`
 *
 * @example
 * ```ts
 * import { adam } from '@kd/optimizers';
 * import { hardTarget } from '@kd/soft-target-loss';
 * import { trainStages } from '@kd/trainer';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const model = sequential({
 *   layers: [layers.dense({ name: 'hidden', units: 4, inputShape: [2] }), layers.dense({ name: 'logits', units: 2 })],
 * });
 * const shared = { terms: [hardTarget()], epochs: 10, optimizer: () => adam({ learningRate: 0.05 }) };
 * const run = await trainStages(
 *   {
 *     student: { model, convention: 'logits' },
 *     stages: [
 *       { ...shared, name: 'head', trainable: ['logits'] },
 *       { ...shared, name: 'all', learningRateMultipliers: { hidden: 0.1 } },
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
  const { validation, ...shared } = stagesOptions.read(where, options);
  const { stages, ...parts } = readDefinition(
    where,
    definition,
    validation !== undefined || shared.validationSplit !== undefined,
  );
  checkDataOptions(where, { ...shared, ...(validation === undefined ? {} : { validation }) });
  const planned = stages.map((stage, index) => {
    const at = `definition.stages[${String(index)}].`;
    return {
      stage,
      at,
      earlyStoppingAt: `${at}earlyStopping`,
      recipe: defineRecipe({ ...parts, terms: stage.terms }),
    };
  });
  return runStages(where, planned, shared, validation);
}
