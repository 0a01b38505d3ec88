import { checkTapPair, defineTerm, optionsOf, tapPairFields, tapPairOptions } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { lossOf, lossOptions } from './attention-relations-loss.js';
import type { AttentionRelationsLossOptions } from './attention-relations-loss.js';
import { relationVectorsAt } from './relation-vectors.js';

/** Options of `attentionRelations`. */
export interface AttentionRelationsOptions
  extends TapPairOptions, Pick<AttentionRelationsLossOptions, 'heads'> {}

const attentionRelationsOptions = optionsOf<AttentionRelationsOptions>()({
  ...tapPairOptions.fields,
  ...lossOptions.pick('heads').fields,
});

/**
 * `attentionRelationsLoss` between the queries, keys or values of a layer of the student and one of the
 * teacher, as a term of a recipe: the mean over the positions that the mask of a batch keeps. The paper adds
 * up three terms, one each for queries, keys and values (Wang et al. 2021).
 *
 * @param options the two taps, outputs `[B, L, D]` with the attention heads joined; number of relation heads;
 *   weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `attention relations <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of other shapes, and in a step for a mask of another shape
 *
 * @example
 * ```ts
 * import { attentionRelations } from '@kd/attention-relations';
 * const terms = ['query', 'key', 'value'].map((part) =>
 *   attentionRelations({ student: `block_2_${part}`, teacher: `block_6_${part}`, heads: 8 }),
 * );
 * console.log(terms[0]?.name, terms.length);
 * // attention relations block_2_query<-block_6_query 3
 * ```
 */
export function attentionRelations(options: AttentionRelationsOptions): Term {
  const where = 'attentionRelations';
  const settings = attentionRelationsOptions.read(where, options);
  const { heads } = settings;
  const { reads, ...fields } = tapPairFields('attention relations', settings);
  return defineTerm({
    ...fields,
    reads: { ...reads, mask: true },
    settings: { heads },
    check: (infos) => {
      checkTapPair(where, settings, infos, relationVectorsAt(heads, infos.teacher.features.shape));
    },
    loss: ({ student, teacher, mask }) => ({
      values: lossOf(teacher.features, student.features, heads, mask, 'batch.mask'),
    }),
  });
}
