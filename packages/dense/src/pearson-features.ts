import { defineTerm, tapPairFields, tapPairOptions } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { checkTapsOfMaps } from './equal-channels.js';
import { pearsonFeaturesLoss } from './pearson-features-loss.js';

/**
 * `pearsonFeaturesLoss` between a layer of the student and one of the teacher, as a term of a recipe: the
 * maps of a feature pyramid, one term for each level (Cao et al. 2022).
 *
 * @param options the two taps, outputs `[B, H, W, C]` of equally many channels; weight, a number or schedule;
 *   name
 * @returns a `Term` for `defineRecipe`, named `pearson <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of another rank or other channels
 *
 * @example
 * ```ts
 * import { pearsonFeatures } from '@kd/dense';
 * const terms = ['p3', 'p4'].map((level) => pearsonFeatures({ student: level, teacher: level, weight: 6 }));
 * console.log(terms.map(({ name, reduces }) => `${name}, ${reduces}`).join('; '));
 * // pearson p3<-p3, batch; pearson p4<-p4, batch
 * ```
 */
export function pearsonFeatures(options: TapPairOptions): Term {
  const where = 'pearsonFeatures';
  const settings = tapPairOptions.read(where, options);
  return defineTerm({
    ...tapPairFields('pearson', settings),
    reduces: 'batch',
    check: (infos) => {
      checkTapsOfMaps(where, settings, infos);
    },
    loss: ({ student, teacher }) => ({ values: pearsonFeaturesLoss(teacher.features, student.features) }),
  });
}
