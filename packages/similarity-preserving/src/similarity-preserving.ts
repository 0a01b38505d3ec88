import { checkTapPair, defineTerm, optionsOf, rowsOfFeatures, tapPairFields, tapPairOptions } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { lossOf, lossOptions } from './similarity-preserving-loss.js';
import type { SimilarityPreservingLossOptions } from './similarity-preserving-loss.js';

/** Options of `similarityPreserving`. */
export interface SimilarityPreservingOptions extends TapPairOptions, SimilarityPreservingLossOptions {}

const similarityPreservingOptions = optionsOf<SimilarityPreservingOptions>()({
  ...tapPairOptions.fields,
  ...lossOptions.fields,
});

/**
 * `similarityPreservingLoss` between a layer of the student and one of the teacher, as a term of a recipe.
 * For several pairs of layers, use several terms.
 *
 * It compares the examples of a batch with each other, so a recipe with this term refuses sample weights. The
 * weight is the paper's γ, 3000 on CIFAR, at the last convolution (Tung and Mori 2019).
 *
 * @param options the two taps, outputs `[B, ...]` of any shapes; normalisation; weight, a number or schedule;
 *   name
 * @returns a `Term` for `defineRecipe`, named `similarity <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for a tap without features
 *
 * @example
 * ```ts
 * import { similarityPreserving } from '@kd/similarity-preserving';
 * const term = similarityPreserving({ student: 'conv_2', teacher: 'conv_6', weight: 3000 });
 * console.log(term.name, term.weight, term.reduces);
 * // similarity conv_2<-conv_6 3000 batch
 * ```
 */
export function similarityPreserving(options: SimilarityPreservingOptions): Term {
  const where = 'similarityPreserving';
  const settings = similarityPreservingOptions.read(where, options);
  return defineTerm({
    ...tapPairFields('similarity', settings),
    reduces: 'batch',
    settings: { normalize: settings.normalize },
    check: (infos) => {
      checkTapPair(where, settings, infos, rowsOfFeatures);
    },
    loss: ({ student, teacher }) => ({ values: lossOf(teacher.features, student.features, settings) }),
  });
}
