import { checkTapPair, defineTerm, featureMaps, tapPairFields, tapPairOptions } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { neuronSelectivityLoss } from './neuron-selectivity-loss.js';

/**
 * `neuronSelectivityLoss` between a layer of the student and one of the teacher, as a term of a recipe:
 * usually the last layers that have positions.
 *
 * @param options the two taps, outputs `[B, H, W, C]`; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `selectivity <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of another rank
 *
 * @example
 * ```ts
 * import { neuronSelectivity } from '@kd/neuron-selectivity';
 * const term = neuronSelectivity({ student: 'conv_2', teacher: 'conv_6', weight: 50 });
 * console.log(term.name, term.reduces);
 * // selectivity conv_2<-conv_6 example
 * ```
 */
export function neuronSelectivity(options: TapPairOptions): Term {
  const where = 'neuronSelectivity';
  const settings = tapPairOptions.read(where, options);
  return defineTerm({
    ...tapPairFields('selectivity', settings),
    check: (infos) => {
      checkTapPair(where, settings, infos, featureMaps);
    },
    loss: ({ student, teacher }) => ({ values: neuronSelectivityLoss(teacher.features, student.features) }),
  });
}
