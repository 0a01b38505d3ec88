import {
  describeShape,
  KdError,
  optionsOf,
  poolToEqual,
  softmaxDivergence,
  temperatureOption,
} from '@kd/core';
import { mean, reshape, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkMaps } from './equal-channels.js';

const where = 'channelWiseLoss';

/** Options of `channelWiseLoss`. */
export interface ChannelWiseLossOptions {
  /** Temperature T of teacher and student, > 0; default 4. */
  readonly temperature?: number;
}

const lossOptions = optionsOf<ChannelWiseLossOptions>()({ temperature: temperatureOption.default(4) });

/**
 * How differently the channels of student and teacher spread over the positions: `T²/C sum_c KL(p_c || q_c)`.
 *
 * `p_c` is the softmax of the teacher's channel c over all positions, at temperature T, and `q_c` that of the
 * student. So each channel counts where it responds most, however strongly it does (Shu et al. 2021). An axis
 * of other sizes is average-pooled to the smaller one. No gradient flows to the teacher.
 *
 * @param teacherFeatures float32 `[B, H, W, C]`, features or logits, any finite values
 * @param studentFeatures float32 `[B, H', W', C]`
 * @param options the temperature
 * @returns float32 `[B]`, one value >= 0 per example
 * @throws `KD_TENSOR_SHAPE`, also for a single position; `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`,
 *   `KD_BATCH_EMPTY`; `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { channelWiseLoss } from '@kd/dense';
 * import { tensor4d } from '@tensorflow/tfjs-core';
 * // One channel at two positions: the teacher's responds to the first.
 * const teacher = tensor4d([2, 0], [1, 1, 2, 1]);
 * for (const student of [tensor4d([7, 5], [1, 1, 2, 1]), tensor4d([0, 2], [1, 1, 2, 1])])
 *   console.log((await channelWiseLoss(teacher, student, { temperature: 1 }).data())[0]?.toFixed(4));
 * // 0.0000
 * // 1.5232
 * ```
 */
export function channelWiseLoss(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  options: ChannelWiseLossOptions = {},
): Tensor {
  return lossOf(teacherFeatures, studentFeatures, lossOptions.read(where, options).temperature);
}

/** `channelWiseLoss` at a checked temperature, which may be a scalar tensor. */
export function lossOf(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  temperature: Tensor | number,
): Tensor {
  checkMaps(where, teacherFeatures, studentFeatures);
  return tidy(() => {
    const [teacher, student] = poolToEqual(teacherFeatures, studentFeatures);
    checkPositions(student.shape);
    return mean(softmaxDivergence(byChannel(teacher), byChannel(student), temperature), 1);
  });
}

/** `[B, C, positions]`. */
function byChannel(maps: Tensor): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = maps.shape;
  return transpose(reshape(maps, [batch, height * width, channels]), [0, 2, 1]);
}

function checkPositions(shape: readonly number[]): void {
  const [, height = 0, width = 0] = shape;
  if (height * width > 1) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument: 'teacherFeatures and studentFeatures',
    expected: 'of two positions or more, because a softmax over one is always 1',
    received: `${describeShape(shape)}, after pooling to the smaller size`,
    remedy: 'Use layers before the pooling.',
  });
}
