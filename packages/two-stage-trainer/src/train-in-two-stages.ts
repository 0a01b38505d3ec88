import { isInMemory } from '@kd/data';
import { trainStages } from '@kd/trainer';
import type { StagesRun } from '@kd/trainer';
import { checkUnused } from './check-unused.js';
import { twoStageOptions } from './options.js';
import type { TwoStageOptions } from './options.js';
import { twoStageRecipe } from './recipe.js';
import type { TwoStageRecipe } from './recipe.js';
import { stagesOf } from './stages-of.js';

/**
 * Trains a deep, thin student in the two stages of FitNets, as published (Romero et al. 2015, section 2.2 and
 * algorithm 1).
 *
 * 1. `hints`: the student's layers up to the guided one, and a regressor, on `1/2 ||u_h(x) - r(v_g(x))||²`
 *   (eq. 3), without labels.
 * 2. `distillation`: the whole student, without the regressor, on `H(y, P_S) + λ H(P_T^τ, P_S^τ)` (eq. 2).
 *
 * Each stage has a fresh optimizer and ends with the weights of its best epoch on the validation set: the
 * first by the hint loss, the second by the cross-entropy with the labels. The training is `trainStages` of
 * @kd/trainer with two stages, with its checkpoints, events and seeds.
 *
 * @param recipe teacher, student; a hint layer and a guided layer, or lists of equal length; everything else
 *   defaults to the paper's value
 * @param options data, how to train each stage, and the options of `trainStages`
 * @returns the trained student, the caller's own model with nothing added, and the result of each stage
 * @throws (rejects) `KD_OPTION_RANGE` for options that contradict each other, and what `trainStages` and the
 *   terms throw: `KD_TAP_UNKNOWN`, `KD_HINT_SHAPES`, ... before the first step
 *
 * @example
 * ```ts
 * import { rmsprop } from '@kd/optimizers';
 * import { layersTeacher } from '@kd/teacher';
 * import { trainInTwoStages } from '@kd/two-stage-trainer';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const dense = (name: string, units: number) =>
 *   layers.dense({ name, units, ...(units > 2 ? { activation: 'relu' } : {}) });
 * const input = () => layers.inputLayer({ inputShape: [4] });
 * const wide = sequential({ layers: [input(), dense('wide', 32), dense('wide_2', 32), dense('logits', 2)] });
 * const thin = sequential({ layers: [input(), dense('thin', 6), dense('thin_2', 6), dense('thin_3', 6), dense('logits', 2)] });
 * const inputs = { values: Float32Array.from({ length: 256 }, (_, index) => Math.sin(index ** 2)), shape: [64, 4] };
 * const training = { epochs: 2, optimizer: () => rmsprop({ learningRate: 0.005 }) };
 * const recipe = {
 *   teacher: layersTeacher(wide, { convention: 'logits' }),
 *   student: { model: thin, convention: 'logits' },
 *   hint: 'wide',
 *   guided: 'thin_2',
 * } as const;
 * const data = { inputs, labels: Int32Array.from({ length: 64 }, (_, row) => row % 2) };
 * const run = await trainInTwoStages(recipe, { data, hints: training, distillation: training });
 * console.log(run.stages.map(({ name, history }) => `${name}: ${Object.keys(history[0]?.losses ?? {}).join()}`).join('; '));
 * // hints: hint thin_2<-wide; distillation: soft,hard
 * ```
 */
export async function trainInTwoStages(recipe: TwoStageRecipe, options: TwoStageOptions): Promise<StagesRun> {
  const where = 'trainInTwoStages';
  const read = twoStageRecipe.read(where, recipe, 'recipe');
  const { hints, distillation, ...shared } = twoStageOptions.read(where, options);
  checkUnused(where, recipe, options);
  const { data, validation, validationSplit } = shared;
  const training = {
    ...(hints === undefined ? {} : { hints }),
    ...(distillation === undefined ? {} : { distillation }),
    isJudged: validation !== undefined || validationSplit !== undefined,
  };
  const { teacher, student } = read;
  const stages = stagesOf(where, read, training);
  // The paper's batches of 128 are for data in memory; a stream makes its own.
  const usual = isInMemory(data) ? { batchSize: 128 } : {};
  return trainStages({ student, teacher, stages }, { ...usual, ...shared });
}
