import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFloat32, checkShape, describeShape, KdError, optionsOf } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { liveTensor } from './live-tensor.js';

/** The k most likely classes of a teacher at each position, at T = 1. */
export interface TopTargets {
  /** S, int32 `[B, ..., k]`, different classes from 0 to N - 1, with k < N. */
  readonly classes: Tensor;
  /** log p of these classes, float32 `[B, ..., k]`. */
  readonly logProbabilities: Tensor;
  /** log p_r, the logarithm of the probability of all other classes together, float32 `[B, ...]`. */
  readonly logRemaining: Tensor;
}

export const topTargets: Options<TopTargets, FieldsOf<TopTargets>> = optionsOf<TopTargets>()({
  classes: liveTensor,
  logProbabilities: liveTensor,
  logRemaining: liveTensor,
});

/** Throws unless the targets belong to logits of this shape. */
export function checkTopTargets(
  where: string,
  { classes, logProbabilities, logRemaining }: TopTargets,
  { shape }: Tensor,
): void {
  if (classes.dtype !== 'int32') {
    throw new KdError({
      code: 'KD_TENSOR_DTYPE',
      where,
      argument: 'targets.classes',
      expected: 'an int32 tensor',
      received: `a ${classes.dtype} tensor ${describeShape(classes.shape)}`,
      remedy: 'Cast it: tf.cast(x, "int32").',
    });
  }
  checkFloat32(where, 'targets.logProbabilities', logProbabilities);
  checkFloat32(where, 'targets.logRemaining', logRemaining);
  const [positions, k] = [shape.slice(0, -1), classes.shape.at(-1) ?? 0];
  checkShape(where, 'targets.classes', classes, [...positions, k]);
  checkShape(where, 'targets.logProbabilities', logProbabilities, classes.shape);
  checkShape(where, 'targets.logRemaining', logRemaining, positions);
  checkFewer(where, 'targets.classes', k, shape.at(-1));
}

/** Throws `KD_CLASSES_MISMATCH` unless k is at least 1 and leaves classes of the N. */
export function checkFewer(
  where: string,
  argument: string,
  k: number | null | undefined,
  classes: number | null | undefined,
): void {
  if (typeof k !== 'number' || typeof classes !== 'number' || (k >= 1 && k < classes)) return;
  throw new KdError({
    code: 'KD_CLASSES_MISMATCH',
    where,
    argument,
    expected: `1 to ${String(classes - 1)} of the student's ${String(classes)} classes`,
    received: String(k),
    remedy: 'Use softTargetLoss where the whole distribution is known.',
  });
}
