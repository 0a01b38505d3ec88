import { boolean, checkFeatures, checkShape, optionsOf, withGradient } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { div, greater, maximum, mul, reshape, sub, sum, where as select } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { attentionScores } from './attention-scores.js';
import { maskOption } from './mask-option.js';
import { pairsThatCount } from './pairs-that-count.js';

const where = 'attentionLogitsLoss';

/** Options of `attentionLogitsLoss`. */
export interface AttentionLogitsLossOptions {
  /** Float32 `[B, L]` of 0 and 1: which positions count; default: all. */
  readonly mask?: Tensor;
  /** Whether a position looks only at itself and earlier ones, as in a decoder; default false. */
  readonly causal?: boolean;
}

export const lossOptions: Options<
  AttentionLogitsLossOptions,
  FieldsOf<AttentionLogitsLossOptions, 'causal'>
> = optionsOf<AttentionLogitsLossOptions>()({ mask: maskOption.optional(), causal: boolean.default(false) });

/**
 * Squared distance of the attention logits, `mean (S - S')²` at each position: over the heads, and over the
 * positions that it looks at.
 *
 * `S = Q K^T / sqrt(d)` are the scores of a layer before the softmax, on both sides with equally many heads
 * (Jiao et al. 2020, TinyBERT, eq. 7). Masked positions count neither as those that look nor as those that
 * are looked at, whatever they hold; with `causal` nobody looks at later ones. So pass scores before a mask
 * is added: beside -1e9, float32 keeps no digit of them. No gradient flows to the teacher.
 *
 * @param teacherScores S', float32 `[B, heads, L, L]`, any values below 1e18 in size
 * @param studentScores S, float32 of the same shape
 * @param options mask; whether later positions are left out
 * @returns float32 `[B, L]`, one value >= 0 per position; the mean over those of a sequence is the paper's
 *   loss
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`; `KD_OPTION_TYPE`,
 *   `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { attentionLogitsLoss } from '@kd/attention-relations';
 * import { tensor } from '@tensorflow/tfjs-core';
 * // One head, two positions; a decoder's first position cannot look at the second.
 * const [teacher, student] = [[1, 9, 2, 3], [2, 0, 2, 5]].map((x) => tensor(x, [1, 1, 2, 2]));
 * for (const causal of [false, true])
 *   console.log(Array.from(await attentionLogitsLoss(teacher!, student!, { causal }).data()).join(' '));
 * // 41 2
 * // 1 2
 * ```
 */
export function attentionLogitsLoss(
  teacherScores: Tensor,
  studentScores: Tensor,
  options: AttentionLogitsLossOptions = {},
): Tensor {
  const { mask, causal } = lossOptions.read(where, options);
  return lossOf(teacherScores, studentScores, mask, causal, 'options.mask');
}

/** `attentionLogitsLoss` with checked options. */
export function lossOf(
  teacherScores: Tensor,
  studentScores: Tensor,
  mask: Tensor | undefined,
  causal: boolean,
  nameOfMask: string,
): Tensor {
  checkFeatures(where, 'teacherScores', teacherScores, attentionScores);
  checkFeatures(where, 'studentScores', studentScores, attentionScores);
  checkShape(where, 'studentScores', studentScores, teacherScores.shape);
  const [batch, heads, length] = studentScores.shape as [number, number, number];
  if (mask !== undefined) checkShape(where, nameOfMask, mask, [batch, length]);
  return withGradient(studentScores, (student) => {
    const pairs = pairsThatCount(length, mask, causal);
    // Selected, not multiplied: what a masked position holds may be NaN.
    const difference = select(greater(pairs, 0), sub(student, teacherScores), 0);
    const share = div(difference, mul(maximum(sum(pairs, 3, true), 1), heads));
    return {
      value: sum(mul(difference, share), [1, 3]),
      saved: [mul(share, 2)],
      gradient: (dy, slope) => mul(reshape(dy, [batch, 1, length, 1]), slope),
    };
  });
}
