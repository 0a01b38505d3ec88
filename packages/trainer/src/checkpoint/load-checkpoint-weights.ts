import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describeShape, describeValue, KdError, oneOf, optionsOf } from '@kd/core';
import type { NamedWeight } from '@kd/core';
import { checkBuilt, namedWeights } from '@kd/model';
import { assign } from '../stage-state.js';
import { loadCheckpoint } from './checkpoint.js';
import type { Checkpoint } from './checkpoint.js';
import { checkpointOptions } from './store.js';
import type { CheckpointStore } from './store.js';

/** Options of `loadCheckpointWeights`. */
export interface LoadCheckpointWeightsOptions {
  /** Of the newest step, or of the best epoch by then; default `newest`. */
  readonly epoch?: 'newest' | 'best';
}

const where = 'loadCheckpointWeights';
const loadOptions = optionsOf<LoadCheckpointWeightsOptions>()({
  epoch: oneOf('newest', 'best').default('newest'),
});

/**
 * Gives a model the weights of the student in the newest checkpoint, including batch normalisation
 * statistics.
 *
 * The recipe, the teacher and the data of the training are not needed. A finished stage ends with its best
 * epoch, so both options then load the same weights.
 *
 * @param model a built model with the weights of the student: the same names, shapes and dtypes, no more and
 *   no fewer
 * @param store where the checkpoints are, for example `checkpointDirectory(path)`
 * @param options which epoch
 * @throws (rejects) `KD_OPTION_RANGE` if there is no checkpoint, or no best epoch; `KD_CHECKPOINT_MISMATCH`
 *   for another model; `KD_CHECKPOINT_DAMAGED`; `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; and what the store
 *   rejects with. The model does not change then
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { sgd } from '@kd/optimizers';
 * import { defineRecipe } from '@kd/recipe';
 * import { hardTarget } from '@kd/soft-target-loss';
 * import { loadCheckpointWeights, train } from '@kd/trainer';
 * import { checkpointDirectory } from '@kd/trainer/node';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * const net = () => sequential({ layers: [layers.dense({ name: 'logits', units: 2, inputShape: [2] })] });
 * const recipe = defineRecipe({ student: { model: net(), convention: 'logits' }, terms: [hardTarget()] });
 * const data = { inputs: tensor2d([[1, 0], [0, 1]]), labels: tensor1d([0, 1], 'int32') };
 * const store = checkpointDirectory(await mkdtemp(join(tmpdir(), 'checkpoints-')));
 * await train(recipe, { data, epochs: 3, optimizer: () => sgd(), checkpoint: { store } });
 *
 * const model = net();
 * await loadCheckpointWeights(model, store);
 * const [trained, loaded] = [recipe.student.model, model].map((each) => each.getWeights()[0]!.dataSync().join());
 * console.log(trained === loaded);
 * // true
 * ```
 */
export async function loadCheckpointWeights(
  model: LayersModel,
  store: CheckpointStore,
  options: LoadCheckpointWeightsOptions = {},
): Promise<void> {
  checkBuilt(where, 'model', model);
  checkpointOptions.fields.store.read({ where, argument: 'store' }, store);
  const { epoch } = loadOptions.read(where, options);
  const checkpoint = await loadCheckpoint(where, store);
  if (checkpoint === undefined) {
    throw optionFault('store', 'a store with a checkpoint', 'an empty one', 'Check the path of the store.');
  }
  try {
    const values = epoch === 'best' ? bestOf(checkpoint) : checkpoint.student;
    const weights = namedWeights(model);
    checkSameWeights(weights, values);
    assign(weights, values);
  } finally {
    const { student, modules, optimizer, best, last } = checkpoint;
    dispose([student, modules, optimizer, best, last].flatMap((group) => Object.values(group)));
  }
}

function bestOf({ state, student, modules, best }: Checkpoint): Checkpoint['best'] {
  // Between two stages and at the end, the student has the weights of the best epoch.
  const isBest = state.position === undefined ? state.finished.at(-1)?.bestEpoch !== undefined : isEnd(state);
  if (isBest) return student;
  // The best epoch has the weights of modules too.
  if (state.best !== undefined)
    return Object.fromEntries(Object.entries(best).filter(([name]) => !(name in modules)));
  const remedy = 'Load the newest weights, or train with a validation set.';
  throw optionFault('options.epoch', '"newest" for a checkpoint without a best epoch', '"best"', remedy);
}

function isEnd({ ended, best }: Checkpoint['state']): boolean {
  return ended !== undefined && best !== undefined;
}

function checkSameWeights(weights: readonly NamedWeight[], values: Readonly<Record<string, Tensor>>): void {
  const own = new Map(weights.map(({ name, variable }) => [name, variable]));
  for (const name of new Set([...own.keys(), ...Object.keys(values)])) {
    const [weight, value] = [describeWeight(own.get(name)), describeWeight(values[name])];
    if (weight === value) continue;
    throw new KdError({
      code: 'KD_CHECKPOINT_MISMATCH',
      where,
      argument: `the weight ${describeValue(name)} of the checkpoint`,
      expected: `${weight}, as in the model`,
      received: value,
      remedy:
        'Load the weights into a model that is built as the student was, with the same names of layers.',
    });
  }
}

function describeWeight(weight: Tensor | undefined): string {
  return weight === undefined ? 'absent' : `${weight.dtype} ${describeShape(weight.shape)}`;
}

function optionFault(argument: string, expected: string, received: string, remedy: string): KdError {
  return new KdError({ code: 'KD_OPTION_RANGE', where, argument, expected, received, remedy });
}
