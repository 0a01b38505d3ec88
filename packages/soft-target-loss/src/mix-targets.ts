import { add, addN, logSumExp, mul, stack, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { check, checkClassTensor, checkTeacherAndStudent, describeValue, KdError, optionsOf } from '@kd/core';
import { logSoftmaxAtTemperature, temperature as temperatureOption } from '@kd/temperature';
import type { Temperature } from '@kd/temperature';

/** Options of the mixing functions. */
export interface MixTargetsOptions {
  /** Temperature T of the targets, finite and > 0, or a scalar tensor of it. */
  readonly temperature: Temperature;
  /** One weight >= 0 per teacher, summing to one; default: equal weights. */
  readonly weights?: readonly number[];
}

const mixTargetsOptions = optionsOf<MixTargetsOptions>()({
  temperature: temperatureOption,
  weights: check<readonly number[]>('numbers >= 0 that sum to one', ({ where }, value) => {
    if (isDistribution(value)) return value;
    throw noWeights(where, 'numbers', value);
  }).optional(),
});

/** Makes soft targets from the logits of several teachers. */
export type MixTargets = (teacherLogits: readonly Tensor[], options: MixTargetsOptions) => Tensor;

/**
 * Logarithms of the weighted mean of several teachers' probabilities at T: `log sum_k w_k softmax(v_k / T)`.
 *
 * The mean is computed at T, not at T = 1 (Hinton, Vinyals, Dean 2015, section 2).
 *
 * @param teacherLogits at least one float32 `[B, ..., N]`, all of the same shape
 * @returns float32 `[B, ..., N]`, for `softTargetLossFromLogTargets`
 * @throws `KD_WEIGHT_RANGE` for weights that are negative, NaN or do not sum to one, `KD_BATCH_EMPTY` without
 *   teachers, `KD_CLASSES_MISMATCH`, `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_OPTION_RANGE`
 *
 * @example
 * ```ts
 * import { arithmeticMean } from '@kd/soft-target-loss';
 * import { exp, tensor2d } from '@tensorflow/tfjs-core';
 * const targets = exp(arithmeticMean([tensor2d([[10, 0, 0]]), tensor2d([[0, 6, 0]])], { temperature: 4 }));
 * console.log(Array.from(await targets.data(), (p) => p.toFixed(3)).join(' '));
 * // 0.507 0.381 0.112
 * ```
 */
export function arithmeticMean(teacherLogits: readonly Tensor[], options: MixTargetsOptions): Tensor {
  const { temperature, weights } = readOptions('arithmeticMean', teacherLogits, options);
  return tidy(() => {
    const weighted = teacherLogits.flatMap((logits, index) => {
      const weight = weights[index] as number;
      if (weight === 0) return [];
      return [add(logSoftmaxAtTemperature(logits, temperature), Math.log(weight))];
    });
    return weighted.length === 1 ? (weighted[0] as Tensor) : logSumExp(stack(weighted), 0);
  });
}

/**
 * Logarithms of the normalised geometric mean of several teachers' probabilities at T:
 * `log softmax(sum_k w_k v_k / T)`.
 *
 * @param teacherLogits at least one float32 `[B, ..., N]`, all of the same shape
 * @returns float32 `[B, ..., N]`, for `softTargetLossFromLogTargets`
 * @throws as `arithmeticMean`
 *
 * @example
 * ```ts
 * import { geometricMean } from '@kd/soft-target-loss';
 * import { exp, tensor2d } from '@tensorflow/tfjs-core';
 * const targets = exp(geometricMean([tensor2d([[10, 0]]), tensor2d([[0, 10]])], { temperature: 1 }));
 * console.log(Array.from(await targets.data()).join(' '));
 * // 0.5 0.5
 * ```
 */
export function geometricMean(teacherLogits: readonly Tensor[], options: MixTargetsOptions): Tensor {
  const { temperature, weights } = readOptions('geometricMean', teacherLogits, options);
  return tidy(() => {
    const weighted = teacherLogits.map((logits, index) => mul(logits, weights[index] as number));
    return logSoftmaxAtTemperature(addN(weighted), temperature);
  });
}

function readOptions(
  where: string,
  teacherLogits: readonly Tensor[],
  options: MixTargetsOptions,
): Required<MixTargetsOptions> {
  const { temperature, weights } = mixTargetsOptions.read(where, options);
  const first: unknown = Array.isArray(teacherLogits) ? teacherLogits[0] : undefined;
  if (first === undefined) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument: 'teacherLogits',
      expected: 'an array of at least one tensor',
      received: describeValue(teacherLogits),
      remedy: 'Pass the logits of each teacher.',
    });
  }
  checkClassTensor(where, 'teacherLogits[0]', first, 2);
  teacherLogits.forEach((logits, index) => {
    checkTeacherAndStudent(where, 'teacherLogits[0]', first, `teacherLogits[${String(index)}]`, logits, 2);
  });
  const count = teacherLogits.length;
  if (weights !== undefined && weights.length !== count)
    throw noWeights(where, `${String(count)} numbers`, weights);
  return { temperature, weights: weights ?? teacherLogits.map(() => 1 / count) };
}

function noWeights(where: string, numbers: string, received: unknown): KdError {
  return new KdError({
    code: 'KD_WEIGHT_RANGE',
    where,
    argument: 'options.weights',
    expected: `${numbers} >= 0 that sum to one`,
    received: Array.isArray(received)
      ? `[${received.map(describeValue).join(', ')}]`
      : describeValue(received),
    remedy: 'Divide the weights by their sum.',
  });
}

function isDistribution(weights: unknown): weights is readonly number[] {
  if (!Array.isArray(weights)) return false;
  const numbers: readonly unknown[] = weights;
  if (!numbers.every((weight) => typeof weight === 'number' && weight >= 0)) return false;
  return Math.abs((numbers as readonly number[]).reduce((a, b) => a + b, 0) - 1) < 1e-6;
}
