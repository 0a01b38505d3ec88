import {
  checkClassIds,
  checkShape,
  checkTeacherAndStudent,
  nonNegative,
  offTape,
  optionsOf,
  temperatureOption,
} from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import {
  cast,
  concat,
  div,
  exp,
  fill,
  logSumExp,
  mul,
  oneHot,
  sub,
  sum,
  tidy,
  where as select,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Options of `decoupledLoss`. */
export interface DecoupledLossOptions {
  /** Weight α of the target class against all others together, >= 0; default 1. */
  readonly alpha?: number;
  /** Weight β of the other classes among each other, >= 0; default 8. */
  readonly beta?: number;
  /** Temperature T of teacher and student, > 0; default 4. */
  readonly temperature?: number;
}

/** The same, read; a term passes a temperature that a schedule changes as a tensor. */
interface LossSettings {
  readonly alpha: number;
  readonly beta: number;
  readonly temperature: Tensor | number;
}

export const lossOptions: Options<
  DecoupledLossOptions,
  FieldsOf<DecoupledLossOptions, 'alpha' | 'beta' | 'temperature'>
> = optionsOf<DecoupledLossOptions>()({
  alpha: nonNegative.default(1),
  beta: nonNegative.default(8),
  temperature: temperatureOption.default(4),
});

/**
 * The divergence of soft targets in two parts, each with a weight of its own: `T² (α TCKD + β NCKD)`.
 *
 * `TCKD = KL(b_t || b_s)` compares the probabilities of the target class and of all others together;
 * `NCKD = KL(p_t || p_s)` those of the other classes among each other. In soft targets the second part counts
 * by `1 - p_target`, so the surer the teacher, the less of what it knows is taught (Zhao et al. 2022, eq. 7).
 *
 * @param teacherLogits float32 `[B, ..., N]`, N >= 3
 * @param studentLogits float32 of the same shape
 * @param labels class ids, int32 or float32 `[B, ...]`, in [0, N)
 * @param options α, β and T
 * @returns float32 `[B, ...]`, one value >= 0 per example; no gradient flows to the teacher
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_CLASSES_MISMATCH`;
 *   `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { decoupledLoss } from '@kd/decoupled';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * const [teacher, student] = [tensor2d([[4, 1, 0]]), tensor2d([[2, 0, 1]])];
 * const loss = decoupledLoss(teacher, student, tensor1d([0], 'int32'), { temperature: 1 });
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 3.9111
 * ```
 */
export function decoupledLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  labels: Tensor,
  options: DecoupledLossOptions = {},
): Tensor {
  const where = 'decoupledLoss';
  const settings = lossOptions.read(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 3);
  checkClassIds(where, 'labels', labels);
  checkShape(where, 'labels', labels, studentLogits.shape.slice(0, -1));
  return tidy(() => lossOf(teacherLogits, studentLogits, labels, settings));
}

/** `decoupledLoss` of checked arguments; the temperature may be a scalar tensor. */
export function lossOf(
  teacher: Tensor,
  student: Tensor,
  labels: Tensor,
  { alpha, beta, temperature }: LossSettings,
): Tensor {
  const isTarget = cast(oneHot(cast(labels, 'int32'), student.shape.at(-1) as number), 'bool');
  const q = logarithms(div(student, temperature), isTarget);
  const p = offTape(() => logarithms(div(teacher, temperature), isTarget));
  const divergence = mul(exp(p), sub(p, q));
  const weights = concat([fill([2], alpha), fill([student.shape.at(-1) as number], beta)]);
  return mul(sum(mul(divergence, weights), -1), mul(temperature, temperature));
}

// Its exponential is zero, and its product with zero is zero; those of -Infinity are not.
const never = -1e30;

/**
 * Logarithms of the probabilities of the target class, of all others together, and then of each class among
 * the others, where the target has none: `[..., 2 + N]`.
 */
function logarithms(logits: Tensor, isTarget: Tensor): Tensor {
  const others = select(isTarget, fill(logits.shape, never), logits);
  const target = sum(select(isTarget, logits, zerosLike(logits)), -1, true);
  const all = logSumExp(logits, -1, true);
  const rest = logSumExp(others, -1, true);
  const among = select(isTarget, fill(logits.shape, never), sub(logits, rest));
  return concat([sub(target, all), sub(rest, all), among], -1);
}
