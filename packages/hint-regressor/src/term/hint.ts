import { optionsOf } from '@kd/core';
import type { Term } from '@kd/core';
import { regressorActivation } from '../regressor/activation.js';
import type { RegressorActivation } from '../regressor/activation.js';
import { hintLoss } from '../loss/hint-loss.js';
import { cosineHintLoss, normalizedHintLoss } from '../loss/normalized-hint-loss.js';
import { hintLossOptions } from '../loss/reduction.js';
import type { HintLossOptions } from '../loss/reduction.js';
import { hintTerm, hintTermOptions } from './hint-term.js';
import { overPositions } from './positions.js';
import type { HintTermOptions } from './hint-term.js';

/** Options of terms whose regressors end in an activation. */
export interface ActivatedHintOptions extends HintTermOptions {
  /**
   * Final activation of the regressors; default: the hint's activation if the teacher knows it, else
   * "linear", which reaches every hint.
   */
  readonly activation?: RegressorActivation;
}

const activatedHintOptions = optionsOf<ActivatedHintOptions>()({
  ...hintTermOptions.fields,
  activation: regressorActivation.optional(),
});

/** Options of `hint`. */
export interface HintOptions extends ActivatedHintOptions, HintLossOptions {}

const hintOptions = optionsOf<HintOptions>()({ ...activatedHintOptions.fields, ...hintLossOptions.fields });

/**
 * The hint term of Romero et al. 2015: `hintLoss` between a hint layer of the teacher and a guided layer of
 * the student after a regressor, which is trained with the student and discarded when the run is over.
 *
 * @param options taps of student and teacher, or lists of equal length; optionally kind and activation of the
 *   regressors, reduction, weight, name
 * @returns a `Term` for `defineRecipe`, named `hint <guided><-<hint>`
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN` immediately; `KD_HINT_SHAPES`,
 *   `KD_TAP_UNKNOWN` and the like before the first step
 *
 * @example
 * ```ts
 * import { hint } from '@kd/hint-regressor';
 * const term = hint({ student: 'conv2d_11', teacher: 'conv2d_2' });
 * console.log(term.name, '|', Object.keys(term.modules).join());
 * // hint conv2d_11<-conv2d_2 | regressor conv2d_11<-conv2d_2
 * ```
 */
export function hint(options: HintOptions): Term {
  const where = 'hint';
  const { reduction, activation, ...shared } = hintOptions.read(where, options);
  return hintTerm(
    {
      where,
      label: 'hint',
      activation,
      settings: { reduction },
      over: overPositions(reduction),
      loss: (teacher, regressed) => hintLoss(teacher, regressed, { reduction }),
    },
    shared,
  );
}

/**
 * `normalizedHintLoss` as a term: hints of unit length, so the scale of either side is ignored.
 *
 * @param options as in `hint`, without a reduction
 * @returns a `Term` for `defineRecipe`
 * @throws as `hint`
 *
 * @example
 * ```ts
 * import { normalizedHint } from '@kd/hint-regressor';
 * console.log(normalizedHint({ student: 'a', teacher: 'b' }).name);
 * // normalized hint a<-b
 * ```
 */
export function normalizedHint(options: ActivatedHintOptions): Term {
  const where = 'normalizedHint';
  const { activation, ...shared } = activatedHintOptions.read(where, options);
  const kind = { where, label: 'normalized hint', activation, over: 'together' } as const;
  return hintTerm({ ...kind, loss: normalizedHintLoss }, shared);
}

/**
 * `cosineHintLoss` as a term: what each position responds to, not how strongly.
 *
 * @param options as in `hint`, without a reduction
 * @returns a `Term` for `defineRecipe`
 * @throws as `hint`
 *
 * @example
 * ```ts
 * import { cosineHint } from '@kd/hint-regressor';
 * console.log(cosineHint({ student: 'a', teacher: 'b' }).name);
 * // cosine hint a<-b
 * ```
 */
export function cosineHint(options: ActivatedHintOptions): Term {
  const where = 'cosineHint';
  const { activation, ...shared } = activatedHintOptions.read(where, options);
  const kind = { where, label: 'cosine hint', activation, over: 'mean' } as const;
  return hintTerm({ ...kind, loss: cosineHintLoss }, shared);
}
