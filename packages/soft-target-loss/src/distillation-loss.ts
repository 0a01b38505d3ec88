import { add, mul } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTeacherAndStudent, fraction, optionsOf } from '@kd/core';
import { checkLabels, hardTargetOptions, labelCrossEntropy } from './hard-target-loss.js';
import type { HardTargetOptions } from './hard-target-loss.js';
import { liveTensor } from './live-tensor.js';
import { fusedLoss, lossOfStudent } from './loss-of-student.js';
import { softTargetDivergence } from './soft-target-loss.js';
import { softTargetOptions, withFactor } from './soft-target-options.js';
import type { SoftTargetOptions, SoftTargetSettings } from './soft-target-options.js';
import type { Temperature } from '@kd/temperature';

/** Options of `distillationLoss`. */
export interface DistillationOptions extends SoftTargetOptions, HardTargetOptions {
  /** Share α of the soft targets in [0, 1]; the labels get the rest. */
  readonly softWeight: number;
}

const distillationOptions = optionsOf<DistillationOptions>()({
  ...softTargetOptions.fields,
  ...hardTargetOptions.fields,
  softWeight: fraction,
});

/** What a student learns: the teacher's outputs and the true labels. */
export interface SoftAndHardTargets {
  /** Float32 `[B, ..., N]`. */
  readonly teacherLogits: Tensor;
  /** Class ids `[B, ...]`. */
  readonly labels: Tensor;
}

const softAndHardTargets = optionsOf<SoftAndHardTargets>()({ teacherLogits: liveTensor, labels: liveTensor });

/** Both parts with their factors, and label smoothing. */
export interface DistillationSettings {
  readonly soft: SoftTargetSettings;
  readonly hardFactor: number;
  readonly labelSmoothing: number;
}

/**
 * Soft and hard targets in one loss: `α T² KL(p || q_T) + (1-α) H(y, q_1)`.
 *
 * The soft part is computed at T, the hard part at T = 1. Hinton, Vinyals, Dean 2015, section 2: best with a
 * considerably lower weight on the hard part.
 *
 * @param targets the teacher's logits `[B, ..., N]` and class ids `[B, ...]`
 * @param studentLogits z, float32 `[B, ..., N]`
 * @returns float32 `[B, ...]`, one value >= 0 per example
 * @throws `KD_OPTION_RANGE` for α outside [0, 1], and what `softTargetLoss` and `hardTargetLoss` throw
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
  const { teacherLogits, labels } = softAndHardTargets.read(where, targets, 'targets');
  const settings = readDistillationOptions(where, options);
  checkTeacherAndStudent(where, 'targets.teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  checkLabels(where, 'targets.labels', labels, studentLogits);
  return distillationLossOf({ teacherLogits, labels }, studentLogits, settings);
}

/** `distillationLoss` of checked arguments. */
export function distillationLossOf(
  { teacherLogits, labels }: SoftAndHardTargets,
  studentLogits: Tensor,
  settings: DistillationSettings,
): Tensor {
  const { soft: ofSoft, hardFactor, labelSmoothing } = settings;
  return lossOfStudent(studentLogits, (logits) => {
    const inputs = { teacherLogits, labels, studentLogits: logits };
    const { temperature, factor: softFactor } = ofSoft;
    const numbers = { temperature, softFactor: softFactor(), hardFactor, labelSmoothing };
    const fused = fusedLoss('DistillationLoss', inputs, numbers);
    if (fused !== undefined) return fused;
    const soft = softTargetDivergence(teacherLogits, logits, ofSoft);
    const hard = labelCrossEntropy(labels, logits, labelSmoothing);
    return {
      value: add(soft.value, mul(hard.value, hardFactor)),
      gradient: add(soft.gradient, mul(hard.gradient, hardFactor)),
    };
  });
}

export function readDistillationOptions(where: string, options: DistillationOptions): DistillationSettings {
  const { softWeight, labelSmoothing, ...soft } = distillationOptions.read(where, options);
  const { temperature, factor, slope } = withFactor(soft);
  const share = (of: Temperature): Temperature =>
    typeof of === 'number' ? softWeight * of : mul(of, softWeight);
  return {
    soft: { temperature, factor: () => share(factor()), slope: () => share(slope()) },
    hardFactor: 1 - softWeight,
    labelSmoothing,
  };
}
