import { checkTapPair, defineTerm, optionsOf, tapPairFields, tapPairOptions, rowsOfFeatures } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { lossOf, lossOptions } from './correlation-loss.js';
import type { CorrelationLossOptions } from './correlation-loss.js';

/** Options of `correlation`. */
export interface CorrelationOptions extends TapPairOptions, CorrelationLossOptions {}

const correlationOptions = optionsOf<CorrelationOptions>()({
  ...tapPairOptions.fields,
  ...lossOptions.fields,
});

/**
 * `correlationLoss` between a layer of the student and one of the teacher, as a term of a recipe: usually the
 * layers before the classifiers. They may have other sizes.
 *
 * @param options the two taps; kernel and distance; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `correlation <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps without features
 *
 * @example
 * ```ts
 * import { correlation, gaussian } from '@kd/correlation';
 * const term = correlation({ student: 'pool', teacher: 'pool', kernel: gaussian({ order: 3 }) });
 * console.log(term.name, term.reduces);
 * // correlation pool<-pool batch
 * ```
 */
export function correlation(options: CorrelationOptions): Term {
  const where = 'correlation';
  const settings = correlationOptions.read(where, options);
  const { kernel, distance } = settings;
  return defineTerm({
    ...tapPairFields('correlation', settings),
    reduces: 'batch',
    settings: { kernel, distance },
    check: (infos) => {
      checkTapPair(where, settings, infos, rowsOfFeatures);
    },
    loss: ({ student, teacher }) => ({ values: lossOf(teacher.features, student.features, settings) }),
  });
}
