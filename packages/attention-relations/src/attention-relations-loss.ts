import { checkFeaturePair, checkShape, optionsOf, selected, softmaxDivergence, whole } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { greater, matMul, mean, mul, reshape, tidy, transpose, where as select } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { maskOption } from './mask-option.js';
import { relationVectors } from './relation-vectors.js';

const where = 'attentionRelationsLoss';

/** Options of `attentionRelationsLoss`. */
export interface AttentionRelationsLossOptions {
  /** Number R of relation heads, a whole number >= 1 that divides both widths. */
  readonly heads: number;
  /** Float32 `[B, L]` of 0 and 1: which positions count; default: all. */
  readonly mask?: Tensor;
}

export const lossOptions: Options<
  AttentionRelationsLossOptions,
  FieldsOf<AttentionRelationsLossOptions>
> = optionsOf<AttentionRelationsLossOptions>()({ heads: whole(1), mask: maskOption.optional() });

/**
 * How differently the positions of student and teacher relate to each other: `1/R sum_r KL(p_r || q_r)` at
 * each position.
 *
 * The queries, keys or values of a layer are split into R relation heads of d = D/R numbers. The row of
 * position i in `softmax(A_r A_r^T / sqrt(d))` says how it relates to all positions, `p_r` for the teacher,
 * `q_r` for the student. So neither widths nor numbers of attention heads have to agree (Wang et al. 2021,
 * MiniLMv2, eq. 5 to 8). Masked positions get no weight, and have the value 0, whatever they hold. No
 * gradient flows to the teacher.
 *
 * @param teacherFeatures float32 `[B, L, D]`, finite and below 1e15 in size
 * @param studentFeatures float32 `[B, L, D']`, likewise
 * @param options number of relation heads; mask
 * @returns float32 `[B, L]`, one value >= 0 per position; the mean over those that count is the paper's loss
 * @throws `KD_TENSOR_SHAPE`, also where heads do not divide a width; `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`,
 *   `KD_BATCH_EMPTY`; `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { attentionRelationsLoss } from '@kd/attention-relations';
 * import { tensor3d } from '@tensorflow/tfjs-core';
 * // For the teacher, each position relates to itself; for the student, all are alike.
 * const teacher = tensor3d([2, 0, 0, 2], [1, 2, 2]);
 * const student = tensor3d([1, 1], [1, 2, 1]);
 * const loss = attentionRelationsLoss(teacher, student, { heads: 1 });
 * console.log(Array.from(await loss.data(), (x) => x.toFixed(4)).join(' '));
 * // 0.4779 0.4779
 * ```
 */
export function attentionRelationsLoss(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  options: AttentionRelationsLossOptions,
): Tensor {
  const { heads, mask } = lossOptions.read(where, options);
  return lossOf(teacherFeatures, studentFeatures, heads, mask, 'options.mask');
}

/** `attentionRelationsLoss` with checked options. */
export function lossOf(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  heads: number,
  mask: Tensor | undefined,
  nameOfMask: string,
): Tensor {
  checkFeaturePair(where, teacherFeatures, studentFeatures, relationVectors(heads));
  const positions = teacherFeatures.shape.slice(0, 2);
  checkShape(where, 'studentFeatures', studentFeatures, [...positions, ...studentFeatures.shape.slice(2)]);
  if (mask !== undefined) checkShape(where, nameOfMask, mask, positions);
  return tidy(() => {
    const [teacher, student] = [teacherFeatures, studentFeatures].map((x) => relations(x, heads, mask)) as [
      Tensor,
      Tensor,
    ];
    return mean(softmaxDivergence(teacher, student, 1), 1);
  });
}

// The logit of a position that gets no weight. Every row has the square of its own vector, which is >= 0.
const excluded = -1e9;

/** Logits of the relations of positions, `[B, R, L, L]`. */
function relations(features: Tensor, heads: number, mask: Tensor | undefined): Tensor {
  const [batch, length, width] = features.shape as [number, number, number];
  const size = width / heads;
  // What a masked position holds may be NaN. As zeros, it relates alike to all others on both sides: value 0.
  const kept = mask === undefined ? features : selected(features, mask);
  const byHead = transpose(reshape(kept, [batch, length, heads, size]), [0, 2, 1, 3]);
  // Transposed here, because wasm is ten times slower at products that transpose.
  const logits = matMul(mul(byHead, 1 / Math.sqrt(size)), transpose(byHead, [0, 1, 3, 2]));
  if (mask === undefined) return logits;
  return select(greater(reshape(mask, [batch, 1, 1, length]), 0), logits, excluded);
}
