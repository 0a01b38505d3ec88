import { cast, concat, expandDims, slice, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  checkClassIds,
  checkClassTensor,
  checkFloat32,
  checkShape,
  describeShape,
  fn,
  KdError,
} from '@kd/core';
import { distillationLossOf, readDistillationOptions } from './distillation-loss.js';
import type { DistillationOptions } from './distillation-loss.js';

/** A loss in the form of `model.compile({ loss })`. */
export type CompileLoss = (yTrue: Tensor, yPred: Tensor) => Tensor;

/**
 * Fixes the options of a loss of this package, for `model.compile({ loss })` with the teacher's outputs (or
 * labels) as `ys`.
 *
 * @param loss any loss `(teacher, student, options)` that returns one value per example
 * @param options the options for every call
 * @returns a function `(yTrue, yPred)` for tfjs-layers, which averages it over the batch
 * @throws `KD_OPTION_TYPE` if `loss` is not a function
 *
 * @example
 * ```ts
 * import { forCompile, softTargetLoss } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const student = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
 * student.compile({ optimizer: 'sgd', loss: forCompile(softTargetLoss, { temperature: 4 }) });
 * const teacherLogits = tensor2d([[1, 2, 3]]);
 * const { history } = await student.fit(tensor2d([[1, 0, 0, 1]]), teacherLogits, { epochs: 1, verbose: 0 });
 * console.log(Object.keys(history).join());
 * // loss
 * ```
 */
export function forCompile<Options>(
  loss: (teacher: Tensor, student: Tensor, options: Options) => Tensor,
  options: Options,
): CompileLoss {
  fn().read({ where: 'forCompile', argument: 'loss' }, loss);
  return (yTrue, yPred) => loss(yTrue, yPred, options);
}

/**
 * Packs the teacher's logits and the class ids side by side into one tensor `[B, N + 1]`, for a model with
 * one output.
 *
 * `model.fit` refuses `ys` that are wider than the output; `model.fitDataset` accepts them.
 *
 * @param teacherLogits float32 `[B, N]`
 * @param labels class ids `[B]`, int32 or float32
 * @returns float32 `[B, N + 1]`
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { packTargets } from '@kd/soft-target-loss';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * console.log(packTargets(tensor2d([[1, 2, 3]]), tensor1d([2], 'int32')).shape.join());
 * // 1,4
 * ```
 */
export function packTargets(teacherLogits: Tensor, labels: Tensor): Tensor {
  const where = 'packTargets';
  checkClassTensor(where, 'teacherLogits', teacherLogits, 2);
  const [rows, classes] = teacherLogits.shape as [number, number];
  checkShape(where, 'teacherLogits', teacherLogits, [rows, classes]);
  checkClassIds(where, 'labels', labels);
  checkShape(where, 'labels', labels, [rows]);
  return tidy(() => concat([teacherLogits, expandDims(cast(labels, 'float32'), -1)], -1));
}

/**
 * `distillationLoss` for `model.compile({ loss })` on targets made by `packTargets`.
 *
 * @returns a function `(yTrue, yPred)` with `yTrue` `[B, N + 1]` and `yPred` the student's logits `[B, N]`
 * @throws immediately for wrong options, as `distillationLoss`
 *
 * @example
 * ```ts
 * import { packedDistillationLoss, packTargets } from '@kd/soft-target-loss';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * const loss = packedDistillationLoss({ temperature: 4, softWeight: 0.9 });
 * const packed = packTargets(tensor2d([[1, 2, 3]]), tensor1d([2], 'int32'));
 * console.log((await loss(packed, tensor2d([[3, 1, 0.5]])).data())[0]?.toFixed(4));
 * // 1.8365
 * ```
 */
export function packedDistillationLoss(options: DistillationOptions): CompileLoss {
  const where = 'packedDistillationLoss';
  const settings = readDistillationOptions(where, options);
  return (yTrue, yPred) => {
    checkClassTensor(where, 'yPred', yPred, 2);
    checkFloat32(where, 'yTrue', yTrue);
    const classes = yPred.shape.at(-1) ?? 0;
    if (yTrue.rank !== 2 || yTrue.shape[1] !== classes + 1) {
      throw new KdError({
        code: 'KD_TENSOR_SHAPE',
        where,
        argument: 'yTrue',
        expected: `of shape ${describeShape([null, classes + 1])} for a student with ${String(classes)} classes`,
        received: describeShape(yTrue.shape),
        remedy: 'Make the targets with packTargets.',
      });
    }
    return tidy(() => {
      const teacherLogits = slice(yTrue, [0, 0], [-1, classes]);
      const labels = slice(yTrue, [0, classes], [-1, 1]);
      return distillationLossOf({ teacherLogits, labels }, yPred, settings);
    });
  };
}
