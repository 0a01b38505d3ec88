import { cast, mul, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { optionsOf, selected, termOptions, text } from '@kd/core';
import type { Settings, Targets, Term, TermBatch, TermLoss, TermOptions } from '@kd/core';
import { hardTargetLoss, hardTargetLossFromDistributions, hardTargetOptions } from '../hard-target-loss.js';
import type { HardTargetOptions } from '../hard-target-loss.js';
import { sigmoidHardTargetLoss } from '../sigmoid-hard-target-loss.js';
import { checkClassIds, checkDistributions, checkIndependentLabels, targetOf } from './check-labels.js';
import type { CheckLabels } from './check-labels.js';
import { checkStudentOutput } from './check-outputs.js';
import { keptPositions } from './kept-positions.js';
import { studentLogits } from './outputs.js';
import { perExample } from './per-example.js';

/** Options of the terms on true labels. */
export interface HardTermOptions extends TermOptions {
  /** Name of the target in the batch; default `labels`. */
  readonly target?: string;
}

const hardTermOptions = optionsOf<HardTermOptions>()({
  target: text.default('labels'),
  ...termOptions.fields,
});

/** Options of the terms on true classes. */
export interface HardClassTermOptions extends HardTermOptions, HardTargetOptions {}

const hardClassTermOptions = optionsOf<HardClassTermOptions>()({
  ...hardTermOptions.fields,
  ...hardTargetOptions.fields,
});

interface HardTermKind {
  readonly where: string;
  readonly independentLabels: boolean;
  readonly loss: (labels: Tensor, logits: Tensor) => Tensor;
  readonly checkLabels: CheckLabels;
  readonly settings?: Term['settings'];
}

function hardTerm(
  { where, independentLabels, loss, checkLabels, settings = {} }: HardTermKind,
  { weight, name = 'hard', target }: Settings<typeof hardTermOptions.fields>,
): Term {
  const evaluate = (termBatch: TermBatch): TermLoss => {
    const { batch } = termBatch;
    const logits = studentLogits(keptPositions(where, termBatch));
    const labels = blanked(targetOf(where, target, batch), batch, logits.shape.slice(0, -1));
    const { values, weights } = perExample(where, loss(labels, logits), batch);
    const { labelled } = batch;
    if (labelled === undefined) return weights === undefined ? { values } : { values, weights };
    return { values, weights: weights === undefined ? labelled : mul(weights, labelled) };
  };
  return {
    apiVersion: 1,
    name,
    weight,
    reduces: 'example',
    needs: ['targets'],
    settings: { kind: where, target, ...settings },
    check: (shapes) => {
      checkStudentOutput(where, shapes, independentLabels);
    },
    checkBatch: (batch, shapes) => checkLabels(where, target, batch, shapes),
    loss: evaluate,
  };
}

/**
 * Labels with zeros in unlabelled rows and masked positions: whatever they hold must not turn the batch into
 * NaN.
 */
function blanked(labels: Tensor, { labelled, mask }: Targets, positions: readonly number[]): Tensor {
  const ofRows = labelled === undefined ? labels : selected(cast(labels, 'float32'), labelled);
  if (mask === undefined || positions.length === 1) return ofRows;
  return selected(cast(ofRows, 'float32'), reshape(mask, [...positions]));
}

/**
 * `hardTargetLoss` on class ids `[B]`, at T = 1. Rows that `batch.labelled` marks 0 and positions that
 * `batch.mask` marks 0 do not count, whatever they hold.
 *
 * @param options weight, label smoothing, name of the target
 * @returns a `Term` for `defineRecipe`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_LABEL_RANGE`,
 *   `KD_TERM_NEEDS` before the step that would use the labels
 *
 * @example
 * ```ts
 * import { hardTarget } from '@kd/soft-target-loss';
 * console.log(hardTarget({ weight: 0.1 }).needs?.join());
 * // targets
 * ```
 */
export function hardTarget(options: HardClassTermOptions = {}): Term {
  const where = 'hardTarget';
  const { labelSmoothing, ...shared } = hardClassTermOptions.read(where, options);
  const loss = (labels: Tensor, logits: Tensor): Tensor => hardTargetLoss(labels, logits, { labelSmoothing });
  const settings = { labelSmoothing };
  return hardTerm({ where, independentLabels: false, loss, checkLabels: checkClassIds, settings }, shared);
}

/**
 * `hardTargetLossFromDistributions` on one-hot or soft labels `[B, N]`, at T = 1.
 *
 * @param options weight, label smoothing, name of the target
 * @returns a `Term` for `defineRecipe`
 * @throws as `hardTarget`
 *
 * @example
 * ```ts
 * import { hardTargetFromDistributions } from '@kd/soft-target-loss';
 * console.log(hardTargetFromDistributions().name);
 * // hard
 * ```
 */
export function hardTargetFromDistributions(options: HardClassTermOptions = {}): Term {
  const where = 'hardTargetFromDistributions';
  const { labelSmoothing, ...shared } = hardClassTermOptions.read(where, options);
  const loss = (labels: Tensor, logits: Tensor): Tensor =>
    hardTargetLossFromDistributions(labels, logits, { labelSmoothing });
  const settings = { labelSmoothing };
  return hardTerm(
    { where, independentLabels: false, loss, checkLabels: checkDistributions, settings },
    shared,
  );
}

/**
 * `sigmoidHardTargetLoss` on independent labels `[B, N]` in [0, 1], at T = 1.
 *
 * @param options weight, name of the target
 * @returns a `Term` for `defineRecipe`
 * @throws as `hardTarget`
 *
 * @example
 * ```ts
 * import { sigmoidHardTarget } from '@kd/soft-target-loss';
 * console.log(sigmoidHardTarget({ name: 'tags' }).name);
 * // tags
 * ```
 */
export function sigmoidHardTarget(options: HardTermOptions = {}): Term {
  const where = 'sigmoidHardTarget';
  const shared = hardTermOptions.read(where, options);
  const checkLabels = checkIndependentLabels;
  return hardTerm({ where, independentLabels: true, loss: sigmoidHardTargetLoss, checkLabels }, shared);
}
