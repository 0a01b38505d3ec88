import { checkTapPair, defineTerm, optionsOf, tapPairFields, tapPairOptions } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { lossOf, lossOptions } from './attention-logits-loss.js';
import type { AttentionLogitsLossOptions } from './attention-logits-loss.js';
import { attentionScoresAs } from './attention-scores.js';

/** Options of `attentionLogits`. */
export interface AttentionLogitsOptions extends TapPairOptions, Pick<AttentionLogitsLossOptions, 'causal'> {}

const attentionLogitsOptions = optionsOf<AttentionLogitsOptions>()({
  ...tapPairOptions.fields,
  ...lossOptions.pick('causal').fields,
});

/**
 * `attentionLogitsLoss` between an attention layer of the student and one of the teacher, as a term of a
 * recipe: the mean over the positions that the mask of a batch keeps (Jiao et al. 2020).
 *
 * @param options the two taps, scores `[B, heads, L, L]` before the softmax; whether later positions are left
 *   out; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `attention logits <student><-<teacher>`
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of other shapes, and in a step for a mask of another shape
 *
 * @example
 * ```ts
 * import { attentionLogits } from '@kd/attention-relations';
 * const term = attentionLogits({ student: 'block_1_scores', teacher: 'block_3_scores' });
 * console.log(term.name);
 * // attention logits block_1_scores<-block_3_scores
 * ```
 */
export function attentionLogits(options: AttentionLogitsOptions): Term {
  const where = 'attentionLogits';
  const settings = attentionLogitsOptions.read(where, options);
  const { causal } = settings;
  const { reads, ...fields } = tapPairFields('attention logits', settings);
  return defineTerm({
    ...fields,
    reads: { ...reads, mask: true },
    settings: { causal },
    check: (infos) => {
      checkTapPair(where, settings, infos, attentionScoresAs(infos.teacher.features.shape));
    },
    loss: ({ student, teacher, mask }) => ({
      values: lossOf(teacher.features, student.features, mask, causal, 'batch.mask'),
    }),
  });
}
