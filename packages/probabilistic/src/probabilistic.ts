import { checkTapPair, defineTerm, optionsOf, rowsOfFeatures, tapPairFields, tapPairOptions } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { lossOf, lossOptions } from './probabilistic-loss.js';
import type { ProbabilisticLossOptions } from './probabilistic-loss.js';

/** Options of `probabilistic`. */
export interface ProbabilisticOptions extends TapPairOptions, ProbabilisticLossOptions {}

const probabilisticOptions = optionsOf<ProbabilisticOptions>()({
  ...tapPairOptions.fields,
  ...lossOptions.fields,
});

/**
 * `probabilisticLoss` between a layer of the student and one of the teacher, as a term of a recipe: usually
 * the layers before the classifiers. They may have other sizes.
 *
 * @param options the two taps; the pairs that count; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `probabilities <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps without features
 *
 * @example
 * ```ts
 * import { probabilistic } from '@kd/probabilistic';
 * const term = probabilistic({ student: 'pool', teacher: 'pool', weight: 30000 });
 * console.log(term.name, term.reduces);
 * // probabilities pool<-pool batch
 * ```
 */
export function probabilistic(options: ProbabilisticOptions): Term {
  const where = 'probabilistic';
  const settings = probabilisticOptions.read(where, options);
  const { pairs } = settings;
  return defineTerm({
    ...tapPairFields('probabilities', settings),
    reduces: 'batch',
    settings: { pairs },
    check: (infos) => {
      checkTapPair(where, settings, infos, rowsOfFeatures);
    },
    loss: ({ student, teacher }) => ({ values: lossOf(teacher.features, student.features, settings) }),
  });
}
