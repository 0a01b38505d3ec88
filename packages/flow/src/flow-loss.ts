import { offTape, oneOf, optionsOf, vectorLengths } from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import { addN, mean, square, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkMaps } from './check-maps.js';
import { flowMatrix } from './flow-matrix.js';

const where = 'flowLoss';

/** Options of `flowLoss`. */
export interface FlowLossOptions {
  /** How the larger of two maps is pooled: `'max'` as in the paper (the default), or `'average'`. */
  readonly pooling?: 'max' | 'average';
  /**
   * How two matrices are compared: by the sum of squared differences, as in the paper (the default); their
   * mean, as in RepDistiller; or the sum of the lengths of the columns of the difference, as in torchdistill.
   */
  readonly distance?: 'squared' | 'mean squared' | 'column lengths';
}

export const lossOptions: Options<
  FlowLossOptions,
  FieldsOf<FlowLossOptions, 'pooling' | 'distance'>
> = optionsOf<FlowLossOptions>()({
  pooling: oneOf('max', 'average').default('max'),
  distance: oneOf('squared', 'mean squared', 'column lengths').default('squared'),
});

/**
 * How differently student and teacher get from each layer to the next: `sum_n ||G_n(t) - G_n(s)||²`.
 *
 * `G_n = F' F⁺ / (H W)` is the matrix of inner products between the channels of a map F, `[H W, C]`, and of
 * the next one F⁺, `[H W, C⁺]`. If the two have different sizes, the larger one is pooled to the smaller one.
 * The maps of the teacher may have other sizes than those of the student. No gradient flows to the teacher
 * (Yim et al. 2017, eq. 1 and 2).
 *
 * @param teacherMaps t, two or more tensors float32 `[B, H, W, C]`, finite, from the first layer to the last
 * @param studentMaps s, as many, each with B and C of the teacher's
 * @param options pooling and distance
 * @returns float32 `[B]`, one value >= 0 per example
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { flowLoss } from '@kd/flow';
 * import { tensor4d } from '@tensorflow/tfjs-core';
 * const first = tensor4d([1, 0, 0, 1], [1, 1, 2, 2]);
 * // The teacher's next layer responds to the first channel, the student's to the second.
 * const [teacher, student] = [tensor4d([2, 0], [1, 1, 2, 1]), tensor4d([0, 2], [1, 1, 2, 1])];
 * console.log(await flowLoss([first, teacher], [first, student]).array());
 * // [ 2 ]
 * ```
 */
export function flowLoss(
  teacherMaps: readonly Tensor[],
  studentMaps: readonly Tensor[],
  options: FlowLossOptions = {},
): Tensor {
  return lossOf(teacherMaps, studentMaps, lossOptions.read(where, options));
}

/** `flowLoss` with checked options. */
export function lossOf(
  teacherMaps: readonly Tensor[],
  studentMaps: readonly Tensor[],
  { pooling, distance }: Settings<typeof lossOptions.fields>,
): Tensor {
  checkMaps(where, teacherMaps, studentMaps);
  const flow = (maps: readonly Tensor[], layer: number): Tensor =>
    flowMatrix(maps[layer] as Tensor, maps[layer + 1] as Tensor, pooling);
  return tidy(() =>
    addN(
      studentMaps.slice(1).map((_, layer) => {
        const ofTeacher = offTape(() => flow(teacherMaps, layer));
        return distances[distance](sub(flow(studentMaps, layer), ofTeacher));
      }),
    ),
  );
}

const distances = {
  squared: (difference: Tensor): Tensor => sum(square(difference), [1, 2]),
  'mean squared': (difference: Tensor): Tensor => mean(square(difference), [1, 2]),
  'column lengths': (difference: Tensor): Tensor => sum(vectorLengths(difference, 1), 1),
};
