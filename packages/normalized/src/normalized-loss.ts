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
  div,
  exp,
  fill,
  logSumExp,
  mul,
  oneHot,
  sigmoid,
  softplus,
  sub,
  sum,
  tidy,
  where as select,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Options of `normalizedLoss`. */
export interface NormalizedLossOptions {
  /** Weight γ of the other classes among each other, >= 0; default 1.5. */
  readonly gamma?: number;
  /** Temperature T of the other classes, > 0; default 1. The target class has none. */
  readonly temperature?: number;
}

/** The same, read; a term passes a temperature that a schedule changes as a tensor. */
interface LossSettings {
  readonly gamma: number;
  readonly temperature: Tensor | number;
}

export const lossOptions: Options<
  NormalizedLossOptions,
  FieldsOf<NormalizedLossOptions, 'gamma' | 'temperature'>
> = optionsOf<NormalizedLossOptions>()({
  gamma: nonNegative.default(1.5),
  temperature: temperatureOption.default(1),
});

/**
 * Cross-entropies of the target class y and of the others among each other:
 * `-p_t[y] log p_s[y] - γ T² Σ n_t log n_s`.
 *
 * `p = softmax(z)` is of all classes, `n = softmax(z / T)` of all but the target. The n of both models sum to
 * one, so they can be equal however sure of the target either model is (Yang et al. 2023).
 *
 * @param teacherLogits float32 `[B, ..., N]`, N >= 2
 * @param studentLogits float32 of the same shape
 * @param labels class ids, int32 or float32 `[B, ...]`, in [0, N)
 * @param options γ and T
 * @returns float32 `[B, ...]`, one value >= 0 per example; no gradient flows to the teacher
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_CLASSES_MISMATCH`;
 *   `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { normalizedLoss } from '@kd/normalized';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * const [teacher, student] = [tensor2d([[4, 1, 0]]), tensor2d([[2, 0, 1]])];
 * const loss = normalizedLoss(teacher, student, tensor1d([0], 'int32'));
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 1.9481
 * ```
 */
export function normalizedLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  labels: Tensor,
  options: NormalizedLossOptions = {},
): Tensor {
  const where = 'normalizedLoss';
  const settings = lossOptions.read(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  checkClassIds(where, 'labels', labels);
  checkShape(where, 'labels', labels, studentLogits.shape.slice(0, -1));
  return tidy(() => lossOf(teacherLogits, studentLogits, labels, settings));
}

/** `normalizedLoss` of checked arguments; the temperature may be a scalar tensor. */
export function lossOf(
  teacher: Tensor,
  student: Tensor,
  labels: Tensor,
  { gamma, temperature }: LossSettings,
): Tensor {
  const isTarget = cast(oneHot(cast(labels, 'int32'), student.shape.at(-1) as number), 'bool');
  const weight = offTape(() => sigmoid(margin(teacher, isTarget)));
  const n = offTape(() => exp(logarithms(div(teacher, temperature), isTarget)));
  // This is -log p[y]; a difference of logarithms would lose its digits where p[y] is nearly 1.
  const target = mul(weight, softplus(sub(0, margin(student, isTarget))));
  const others = sum(mul(n, logarithms(div(student, temperature), isTarget)), -1);
  return sub(target, mul(mul(others, gamma), mul(temperature, temperature)));
}

/** How far the target's logit is above that of all others together, `[...]`: its sigmoid is p[y]. */
function margin(logits: Tensor, isTarget: Tensor): Tensor {
  const target = sum(select(isTarget, logits, zerosLike(logits)), -1);
  return sub(target, logSumExp(without(isTarget, logits), -1));
}

/** Logarithms of the others' probabilities among each other, `[..., N]`; the target's is `never`. */
function logarithms(logits: Tensor, isTarget: Tensor): Tensor {
  return without(isTarget, sub(logits, logSumExp(without(isTarget, logits), -1, true)));
}

// Its exponential is zero, and its product with zero is zero; those of -Infinity are not.
const never = -1e30;

function without(isTarget: Tensor, values: Tensor): Tensor {
  return select(isTarget, fill(values.shape, never), values);
}
