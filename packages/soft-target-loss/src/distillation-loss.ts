import { add, mul, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFraction, checkOptions } from '@kd/core';
import { hardTargetLoss } from './hard-target-loss.js';
import type { HardTargetOptions } from './hard-target-loss.js';
import { softTargetLoss } from './soft-target-loss.js';
import { readSoftTargetOptions } from './soft-target-options.js';
import type { SoftTargetOptions } from './soft-target-options.js';

/** Options of `distillationLoss`. */
export interface DistillationOptions extends SoftTargetOptions, HardTargetOptions {
  /** Share α of the soft targets in [0, 1]; the labels get the rest. */
  readonly softWeight: number;
}

/** What a student is to learn: the teacher's opinion and the true label. */
export interface SoftAndHardTargets {
  /** Float32 `[B, ..., N]`. */
  readonly teacherLogits: Tensor;
  /** Class ids `[B, ...]`. */
  readonly labels: Tensor;
}

/**
 * Soft and hard targets in one loss: `α T² KL(p || q_T) + (1-α) H(y, q_1)`.
 *
 * The soft part is taken at T, the hard part at T = 1. Hinton, Vinyals, Dean 2015, section 2: best with a considerably lower
 * weight on the hard part.
 *
 * @param targets the teacher's logits `[B, ..., N]` and class ids `[B, ...]`
 * @param studentLogits z, float32 `[B, ..., N]`
 * @returns float32 `[B, ...]`, one value >= 0 per example
 * @throws `KD_OPTION_RANGE` for α outside [0, 1], and as `softTargetLoss` and `hardTargetLoss`
 *
 * @example
 * ```ts
 * import { distillationLoss } from '@kd/soft-target-loss';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * const targets = { teacherLogits: tensor2d([[1, 2, 3]]), labels: tensor1d([2], 'int32') };
 * const loss = distillationLoss(targets, tensor2d([[3, 1, 0.5]]), { temperature: 4, softWeight: 0.9 });
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 1.8365
 * ```
 */
export function distillationLoss(
  targets: SoftAndHardTargets,
  studentLogits: Tensor,
  options: DistillationOptions,
): Tensor {
  const where = 'distillationLoss';
  checkOptions(where, targets, ['teacherLogits', 'labels'], 'targets');
  checkDistillationOptions(where, options);
  const { softWeight, labelSmoothing, ...softOptions } = options;
  const hardOptions = labelSmoothing === undefined ? {} : { labelSmoothing };
  return tidy(() => {
    const soft = softTargetLoss(targets.teacherLogits, studentLogits, softOptions);
    const hard = hardTargetLoss(targets.labels, studentLogits, hardOptions);
    return add(mul(soft, softWeight), mul(hard, 1 - softWeight));
  });
}

/** Checks all options of `distillationLoss` without computing anything. */
export function checkDistillationOptions(where: string, options: DistillationOptions): void {
  readSoftTargetOptions(where, options, ['labelSmoothing', 'softWeight']);
  const { softWeight, labelSmoothing = 0 } = options;
  checkFraction(where, 'options.softWeight', softWeight);
  checkFraction(where, 'options.labelSmoothing', labelSmoothing);
}
