import { checkTapPair, defineTerm, optionsOf, rowsOfFeatures, tapPairFields, tapPairOptions } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { lossOf, lossOptions } from './relational-loss.js';
import type { RelationalLossOptions } from './relational-loss.js';

/** Options of `relational`. */
export interface RelationalOptions extends TapPairOptions, RelationalLossOptions {}

const relationalOptions = optionsOf<RelationalOptions>()({ ...tapPairOptions.fields, ...lossOptions.fields });

/**
 * `relationalLoss` between a layer of the student and one of the teacher, as a term of a recipe: usually the
 * layers before the classifiers. They may have other sizes.
 *
 * @param options the two taps; weights of distances and angles; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `relations <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps without features
 *
 * @example
 * ```ts
 * import { relational } from '@kd/relational';
 * const term = relational({ student: 'pool', teacher: 'pool', distance: 1, angle: 2 });
 * console.log(term.name, term.reduces);
 * // relations pool<-pool batch
 * ```
 */
export function relational(options: RelationalOptions): Term {
  const where = 'relational';
  const settings = relationalOptions.read(where, options);
  const { distance, angle } = settings;
  return defineTerm({
    ...tapPairFields('relations', settings),
    reduces: 'batch',
    settings: { distance, angle },
    check: (infos) => {
      checkTapPair(where, settings, infos, rowsOfFeatures);
    },
    loss: ({ student, teacher }) => ({ values: lossOf(teacher.features, student.features, settings) }),
  });
}
