import { checkTapPair, defineTerm, optionsOf, tapPairFields, tapPairOptions, rowsOfFeatures } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { neighbourCorrelationLoss } from './neighbour-correlation-loss.js';

const neighbourOptions = optionsOf<TapPairOptions>()(tapPairOptions.fields);

/**
 * `neighbourCorrelationLoss` between a layer of the student and one of the teacher, as a term of a recipe.
 * They must have one shape.
 *
 * @param options the two taps; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `neighbours <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps without features or of two shapes
 *
 * @example
 * ```ts
 * import { neighbourCorrelation } from '@kd/correlation';
 * const term = neighbourCorrelation({ student: 'pool', teacher: 'pool', weight: 0.02 });
 * console.log(term.name, term.reduces);
 * // neighbours pool<-pool batch
 * ```
 */
export function neighbourCorrelation(options: TapPairOptions): Term {
  const where = 'neighbourCorrelation';
  const settings = neighbourOptions.read(where, options);
  return defineTerm({
    ...tapPairFields('neighbours', settings),
    reduces: 'batch',
    check: (infos) => {
      const ofStudent = String(infos.student.features.shape);
      checkTapPair(where, settings, infos, {
        ...rowsOfFeatures,
        expected: 'of one shape [B, ..., D]',
        fits: (shape) => rowsOfFeatures.fits(shape) && String(shape) === ofStudent,
      });
    },
    loss: ({ student, teacher }) => ({
      values: neighbourCorrelationLoss(teacher.features, student.features),
    }),
  });
}
