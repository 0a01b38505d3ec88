import { gather, tensor1d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { check, defineTerm, KdError, list, nonNegative, optionFault, optionsOf, text } from '@kd/core';
import type { Convention, Settings, TargetPlace, Term, ValueInfo } from '@kd/core';
import { hardTargetLoss, hardTargetLossFromDistributions, hardTargetOptions } from '../hard-target-loss.js';
import type { HardTargetOptions } from '../hard-target-loss.js';
import { sigmoidHardTargetLoss } from '../sigmoid-hard-target-loss.js';
import { outputTermOptions } from './options.js';
import type { OutputTermOptions } from './options.js';

/** Options of the terms on true labels. */
export interface HardTermOptions extends OutputTermOptions {
  /** Name of the target in the batch; default: that of the output, or `labels` if no output is named. */
  readonly target?: string;
}

const hardTermOptions = optionsOf<HardTermOptions>()({
  target: text.optional(),
  ...outputTermOptions.fields,
});

/** Options of the terms on true classes. */
export interface HardClassTermOptions extends HardTermOptions, HardTargetOptions {}

const hardClassTermOptions = optionsOf<HardClassTermOptions>()({
  ...hardTermOptions.fields,
  ...hardTargetOptions.fields,
});

/** Options of the term on class ids. */
export interface HardTargetTermOptions extends HardClassTermOptions {
  /** How much the examples of each class count, >= 0, in the order of the classes; default: all the same. */
  readonly classWeight?: readonly number[];
}

const hardTargetTermOptions = optionsOf<HardTargetTermOptions>()({
  ...hardClassTermOptions.fields,
  classWeight: check<readonly number[]>('numbers >= 0, one for each class', (at, value) => {
    const weights = list(nonNegative).read(at, value);
    if (weights.some((weight) => weight > 0)) return weights;
    throw optionFault('RANGE', at, 'numbers >= 0, not all of them 0', value, 'Weigh at least one class.');
  }).optional(),
});

interface HardTermKind {
  readonly where: string;
  readonly as: Convention;
  readonly labels: TargetPlace['as'];
  readonly loss: (labels: Tensor, logits: Tensor) => Tensor;
  /** How much each label counts. */
  readonly weightsOf?: ((labels: Tensor) => Tensor) | undefined;
  readonly settings?: object;
  /** Throws for an output that the options do not fit. */
  readonly checkOutput?: (logits: ValueInfo) => void;
}

function hardTerm(
  { where, as, labels: kind, loss, weightsOf, settings = {}, checkOutput }: HardTermKind,
  { weight, name = 'hard', output, target = output ?? 'labels' }: Settings<typeof hardTermOptions.fields>,
): Term {
  return defineTerm({
    name,
    weight,
    settings: { kind: where, ...settings },
    reads: { student: { logits: { as, output } }, targets: { labels: { as: kind, target } } },
    check: ({ student }) => {
      checkOutput?.(student.logits);
    },
    loss: ({ student: { logits }, targets: { labels } }) => ({
      values: loss(labels, logits),
      ...(weightsOf && { weights: weightsOf(labels) }),
    }),
  });
}

/**
 * `hardTargetLoss` on class ids `[B]`, at T = 1. Rows that `batch.labelled` marks 0 and positions that
 * `batch.mask` marks 0 do not count, whatever they hold.
 *
 * With class weights the loss is `sum_i w_(y_i) l_i / sum_i w_(y_i)`, as in PyTorch.
 *
 * @param options weight, label smoothing, class weights, names of output and target
 * @returns a `Term` for `defineRecipe`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; the recipe throws
 *   `KD_LABEL_RANGE`, `KD_TERM_NEEDS` before the step that would use the labels
 *
 * @example
 * ```ts
 * import { hardTarget } from '@kd/soft-target-loss';
 * console.log(hardTarget({ weight: 0.1, output: 'classes' }).reads.targets);
 * // { labels: { as: 'class-ids', target: 'classes' } }
 * ```
 */
export function hardTarget(options: HardTargetTermOptions = {}): Term {
  const where = 'hardTarget';
  const { labelSmoothing, classWeight, ...shared } = hardTargetTermOptions.read(where, options);
  return hardTerm(
    {
      where,
      as: 'logits',
      labels: 'class-ids',
      loss: (labels, logits) => hardTargetLoss(labels, logits, { labelSmoothing }),
      settings: { labelSmoothing, classWeight: classWeight ?? null },
      weightsOf: classWeight && ((labels) => gather(tensor1d([...classWeight]), labels)),
      checkOutput: ({ shape }) => {
        checkClassWeight(where, classWeight, shape.at(-1));
      },
    },
    shared,
  );
}

function checkClassWeight(
  where: string,
  classWeight: readonly number[] | undefined,
  classes: number | null | undefined,
): void {
  if (classWeight === undefined || classWeight.length === classes) return;
  throw new KdError({
    code: 'KD_CLASSES_MISMATCH',
    where,
    argument: 'options.classWeight',
    expected: `${String(classes)} numbers, one for each class of the student`,
    received: String(classWeight.length),
    remedy: 'Give the weights in the order of the classes; 1 leaves a class as it is.',
  });
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
  return hardTerm(
    {
      where,
      as: 'logits',
      labels: 'probabilities',
      loss: (labels, logits) => hardTargetLossFromDistributions(labels, logits, { labelSmoothing }),
      settings: { labelSmoothing },
    },
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
  const kind = { where, as: 'sigmoid-logits', labels: 'sigmoid-probabilities' } as const;
  return hardTerm({ ...kind, loss: sigmoidHardTargetLoss }, shared);
}
