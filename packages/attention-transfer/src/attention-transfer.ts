import { checkTapPair, defineTerm, featureMaps, optionsOf, tapPairFields, tapPairOptions } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { lossOf, lossOptions } from './attention-transfer-loss.js';
import type { AttentionTransferLossOptions } from './attention-transfer-loss.js';

/** Options of `attentionTransfer`. */
export interface AttentionTransferOptions extends TapPairOptions, AttentionTransferLossOptions {}

const attentionTransferOptions = optionsOf<AttentionTransferOptions>()({
  ...tapPairOptions.fields,
  ...lossOptions.fields,
});

/**
 * `attentionTransferLoss` between a layer of the student and one of the teacher, as a term of a recipe. For
 * several pairs of layers, use several terms.
 *
 * The weight is β / 2 of the paper: eq. 2 adds `β / 2 sum_j ||Q_s / ||Q_s|| - Q_t / ||Q_t||||` over the pairs
 * j. The authors' code and RepDistiller use `meanSquaredDifference` with the weight 1000 (Zagoruyko and
 * Komodakis 2017).
 *
 * @param options the two taps, outputs `[B, H, W, C]`; power and distance; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `attention <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of another rank
 *
 * @example
 * ```ts
 * import { attentionTransfer } from '@kd/attention-transfer';
 * const term = attentionTransfer({ student: 'conv_2', teacher: 'conv_6', weight: 0.05 });
 * console.log(term.name, term.weight, term.reduces);
 * // attention conv_2<-conv_6 0.05 example
 * ```
 */
export function attentionTransfer(options: AttentionTransferOptions): Term {
  const where = 'attentionTransfer';
  const settings = attentionTransferOptions.read(where, options);
  const { power, distance } = settings;
  return defineTerm({
    ...tapPairFields('attention', settings),
    settings: { power, distance },
    check: (infos) => {
      checkTapPair(where, settings, infos, featureMaps);
    },
    loss: ({ student, teacher }) => ({ values: lossOf(teacher.features, student.features, settings) }),
  });
}
