import { cast, greater, mul, reshape, where as select, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFraction, checkName, checkOptions } from '@kd/core';
import type { Batch, Term, TermBatch, TermLoss, TermShapes } from '@kd/core';
import { hardTargetLoss, hardTargetLossFromDistributions } from '../hard-target-loss.js';
import type { HardTargetOptions } from '../hard-target-loss.js';
import { sigmoidHardTargetLoss } from '../sigmoid-hard-target-loss.js';
import { checkClassIds, checkDistributions, checkIndependentLabels, targetOf } from './check-labels.js';
import { checkStudentOutput } from './check-outputs.js';
import { studentLogits } from './outputs.js';
import { perExample } from './per-example.js';
import { termFields } from './term-options.js';
import type { TermOptions } from './term-options.js';

/** Options of the terms on true labels. */
export interface HardTermOptions extends TermOptions {
  /** Name of the target in the batch; default `labels`. */
  readonly target?: string;
}

/** Options of the terms on true classes. */
export interface HardClassTermOptions extends HardTermOptions, HardTargetOptions {}

interface HardTermKind {
  readonly where: string;
  readonly independentLabels: boolean;
  readonly loss: (labels: Tensor, logits: Tensor) => Tensor;
  readonly checkLabels: (where: string, target: string, batch: Batch, shapes: TermShapes) => Promise<void>;
}

function hardTerm(
  { where, independentLabels, loss, checkLabels }: HardTermKind,
  options: HardTermOptions,
): Term {
  const { target = 'labels' } = options;
  checkName(where, 'options.target', target);
  const evaluate = (termBatch: TermBatch): TermLoss => {
    const { batch } = termBatch;
    const labels = targetOf(where, target, batch);
    const { labelled } = batch;
    if (labelled === undefined) return perExample(loss(labels, studentLogits(termBatch)), batch);
    const { values, weights } = perExample(loss(blanked(labels, labelled), studentLogits(termBatch)), batch);
    return { values, weights: weights === undefined ? labelled : mul(weights, labelled) };
  };
  return {
    ...termFields(where, 'hard', options),
    reduces: 'example',
    needs: ['targets'],
    check: (shapes) => {
      checkStudentOutput(where, shapes, independentLabels);
    },
    checkBatch: (batch, shapes) => checkLabels(where, target, batch, shapes),
    loss: evaluate,
  };
}

/** Labels with zeros in the rows that have none: whatever stands there must not turn the batch into NaN. */
function blanked(labels: Tensor, labelled: Tensor): Tensor {
  const rows = reshape(greater(labelled, 0), [-1, ...Array<number>(labels.rank - 1).fill(1)]);
  const kept = cast(labels, 'float32');
  return select(rows, kept, zerosLike(kept));
}

/**
 * `hardTargetLoss` on class ids `[B]`, at T = 1. Rows that `batch.labelled` marks 0 do not count.
 *
 * @param options weight, label smoothing, name of the target
 * @returns a `Term` for `defineRecipe`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` at once; `KD_LABEL_RANGE`, `KD_TERM_NEEDS` before the step that would use the labels
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
  const smoothing = readSmoothing(where, options);
  const loss = (labels: Tensor, logits: Tensor): Tensor => hardTargetLoss(labels, logits, smoothing);
  return hardTerm({ where, independentLabels: false, loss, checkLabels: checkClassIds }, options);
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
  const smoothing = readSmoothing(where, options);
  const loss = (labels: Tensor, logits: Tensor): Tensor =>
    hardTargetLossFromDistributions(labels, logits, smoothing);
  return hardTerm({ where, independentLabels: false, loss, checkLabels: checkDistributions }, options);
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
  checkOptions(where, options, ['weight', 'name', 'target']);
  const checkLabels = checkIndependentLabels;
  return hardTerm({ where, independentLabels: true, loss: sigmoidHardTargetLoss, checkLabels }, options);
}

function readSmoothing(where: string, options: HardClassTermOptions): HardTargetOptions {
  checkOptions(where, options, ['weight', 'name', 'target', 'labelSmoothing']);
  const { labelSmoothing = 0 } = options;
  checkFraction(where, 'options.labelSmoothing', labelSmoothing);
  return { labelSmoothing };
}
