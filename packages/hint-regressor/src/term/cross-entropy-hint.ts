import { optionsOf } from '@kd/core';
import type { Term } from '@kd/core';
import { sigmoidHintLoss, tanhHintLoss } from '../loss/cross-entropy-hint-loss.js';
import { hintLossOptions } from '../loss/reduction.js';
import type { HintLossOptions } from '../loss/reduction.js';
import { hintTerm, hintTermOptions } from './hint-term.js';
import type { HintTermKind, HintTermOptions } from './hint-term.js';
import { overPositions } from './positions.js';

/** Options of `sigmoidHint` and `tanhHint`. */
export interface CrossEntropyHintOptions extends HintTermOptions, HintLossOptions {}

const crossEntropyHintOptions = optionsOf<CrossEntropyHintOptions>()({
  ...hintTermOptions.fields,
  ...hintLossOptions.fields,
});

/**
 * `sigmoidHintLoss` as a term, for hints from a sigmoid: cross-entropy, with regressors that output logits.
 *
 * @param options as in `hint`, without an activation
 * @returns a `Term` for `defineRecipe`
 * @throws as `hint`, and `KD_TAP_UNSUPPORTED` if the hint layer is known to end in another activation
 *
 * @example
 * ```ts
 * import { sigmoidHint } from '@kd/hint-regressor';
 * console.log(sigmoidHint({ student: 'a', teacher: 'b' }).name);
 * // sigmoid hint a<-b
 * ```
 */
export function sigmoidHint(options: CrossEntropyHintOptions): Term {
  const hintsFrom = ['sigmoid', 'hardSigmoid', 'softmax'];
  return crossEntropyHint(
    { where: 'sigmoidHint', label: 'sigmoid hint', hintsFrom },
    sigmoidHintLoss,
    options,
  );
}

/**
 * `tanhHintLoss` as a term, for hints from a tanh: cross-entropy, with regressors that output the value
 * before a tanh.
 *
 * @param options as in `hint`, without an activation
 * @returns a `Term` for `defineRecipe`
 * @throws as `sigmoidHint`
 *
 * @example
 * ```ts
 * import { tanhHint } from '@kd/hint-regressor';
 * console.log(tanhHint({ student: 'a', teacher: 'b' }).name);
 * // tanh hint a<-b
 * ```
 */
export function tanhHint(options: CrossEntropyHintOptions): Term {
  const hintsFrom = ['tanh', 'softsign'];
  return crossEntropyHint({ where: 'tanhHint', label: 'tanh hint', hintsFrom }, tanhHintLoss, options);
}

function crossEntropyHint(
  kind: Pick<HintTermKind, 'where' | 'label' | 'hintsFrom'>,
  lossOf: typeof sigmoidHintLoss,
  options: CrossEntropyHintOptions,
): Term {
  const { reduction, ...shared } = crossEntropyHintOptions.read(kind.where, options);
  const loss: HintTermKind['loss'] = (teacher, regressed) => lossOf(teacher, regressed, { reduction });
  // The loss includes the sigmoid, so the regressor must not end in one.
  const over = overPositions(reduction);
  return hintTerm({ ...kind, settings: { reduction }, activation: 'linear', loss, over }, shared);
}
