import { optionsOf } from '@kd/core';
import type { Term } from '@kd/core';
import { skewOptions, skewReverseOptions } from '../skew-options.js';
import { skewReverseSoftTargetLossOf } from '../skew-reverse-soft-target-loss.js';
import { skewSoftTargetLossOf } from '../skew-soft-target-loss.js';
import { mixedLogits } from './mixed-logits.js';
import { softTerm, softTermOptions } from './soft-terms.js';
import type { SoftTermOptions } from './soft-terms.js';

/** Options of `skewSoftTarget` and `skewReverseSoftTarget`. */
export interface SkewTermOptions extends SoftTermOptions {
  /** Share α of p in the mixture (of q in the reverse form), strictly between 0 and 1; default 0.1. */
  readonly alpha?: number;
}

const skewTermOptions = optionsOf<SkewTermOptions>()({ ...skewOptions.fields, ...softTermOptions.fields });
const skewReverseTermOptions = optionsOf<SkewTermOptions>()({
  ...skewReverseOptions.fields,
  ...softTermOptions.fields,
});

/**
 * `skewSoftTargetLoss` between the outputs of teacher and student.
 *
 * @param options temperature and weight, numbers or schedules; `output` if there are several; α; `mix` for
 *   ensembles
 * @returns a `Term` for `defineRecipe`
 * @throws what `softTarget` throws, and `KD_OPTION_RANGE` for α outside (0, 1)
 *
 * @example
 * ```ts
 * import { skewSoftTarget } from '@kd/soft-target-loss';
 * console.log(skewSoftTarget({ temperature: 1 }).name);
 * // skew soft
 * ```
 */
export function skewSoftTarget(options: SkewTermOptions): Term {
  const where = 'skewSoftTarget';
  const { alpha, ...shared } = skewTermOptions.read(where, options);
  return softTerm(
    {
      where,
      defaultName: 'skew soft',
      as: 'logits',
      settings: { alpha },
      loss: (teacher, student, { mix, ...at }) =>
        skewSoftTargetLossOf(mixedLogits(teacher, mix, at.temperature), student, at, alpha),
    },
    shared,
  );
}

/**
 * `skewReverseSoftTargetLoss` between the outputs of teacher and student.
 *
 * @param options as in `skewSoftTarget`
 * @returns a `Term` for `defineRecipe`
 * @throws as `skewSoftTarget`
 *
 * @example
 * ```ts
 * import { skewReverseSoftTarget } from '@kd/soft-target-loss';
 * console.log(skewReverseSoftTarget({ temperature: 1, alpha: 0.2 }).name);
 * // skew reverse soft
 * ```
 */
export function skewReverseSoftTarget(options: SkewTermOptions): Term {
  const where = 'skewReverseSoftTarget';
  const { alpha, ...shared } = skewReverseTermOptions.read(where, options);
  return softTerm(
    {
      where,
      defaultName: 'skew reverse soft',
      as: 'logits',
      settings: { alpha },
      loss: (teacher, student, { mix, ...at }) =>
        skewReverseSoftTargetLossOf(mixedLogits(teacher, mix, at.temperature), student, at, alpha),
    },
    shared,
  );
}
