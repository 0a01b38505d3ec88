import { defineTerm, optionsOf, text } from '@kd/core';
import type { Term } from '@kd/core';
import { valueMatchingOptions } from './options.js';
import type { ValueMatchingOptions } from './options.js';

/** Options of `valueTarget`. */
export interface ValueTargetOptions extends ValueMatchingOptions {
  /** Name of the target in the batch; default: that of the output, or `labels` if no output is named. */
  readonly target?: string;
}

const valueTargetOptions = optionsOf<ValueTargetOptions>()({
  target: text.optional(),
  ...valueMatchingOptions.fields,
});

/**
 * The student's values against the true ones, as a term of a recipe; it needs no teacher.
 *
 * The target has exactly the shape of the output, `[B, ..., N]`, and the loss is `[B, ...]`. For an output
 * `[B, 1]` it may be `[B]`: one number per example. Rows that `batch.labelled` marks 0 and positions that
 * `batch.mask` marks 0 do not count, whatever they hold.
 *
 * @param options loss; names of output and target; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `value target`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; the recipe throws
 *   `KD_TERM_NEEDS`, `KD_TENSOR_SHAPE`, `KD_LABEL_RANGE` before the step that would use the target
 *
 * @example
 * ```ts
 * import { absoluteErrorLoss, valueTarget } from '@kd/regression-loss';
 * console.log(valueTarget().reads.targets);
 * // { values: { as: 'values', target: 'labels' } }
 * console.log(valueTarget({ output: 'depth', loss: absoluteErrorLoss }).reads.targets);
 * // { values: { as: 'values', target: 'depth' } }
 * ```
 */
export function valueTarget(options: ValueTargetOptions = {}): Term {
  const {
    loss,
    weight,
    name = 'value target',
    output,
    target = output ?? 'labels',
  } = valueTargetOptions.read('valueTarget', options);
  return defineTerm({
    name,
    weight,
    settings: { loss },
    reads: { student: { values: { as: 'values', output } }, targets: { values: { as: 'values', target } } },
    loss: ({ student, targets }) => ({ values: loss(targets.values, student.values) }),
  });
}
