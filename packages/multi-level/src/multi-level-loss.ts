import {
  check,
  checkTeacherAndStudent,
  list,
  nonNegative,
  offTape,
  optionFault,
  optionsOf,
  temperatureOption,
} from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import {
  addN,
  div,
  exp,
  logSoftmax,
  matMul,
  mul,
  reshape,
  square,
  sub,
  sum,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** Options of `multiLevelLoss`. */
export interface MultiLevelLossOptions {
  /** Temperatures T, > 0, at each of which the outputs are compared; default 2, 3, 4, 5 and 6. */
  readonly temperatures?: readonly number[];
  /** Weight of what each example is, >= 0; default 1. */
  readonly instances?: number;
  /** Weight of which examples of the batch are alike, >= 0; default 1. */
  readonly batches?: number;
  /** Weight of which classes go together, >= 0; default 1. */
  readonly classes?: number;
}

const temperatures = check<readonly number[]>('a list of temperatures', (at, value) => {
  const read = list(temperatureOption).read(at, value);
  if (read.length > 0) return read;
  throw optionFault('RANGE', at, 'at least one temperature', value, 'Leave the option out for the default.');
});

export const lossOptions: Options<
  MultiLevelLossOptions,
  FieldsOf<MultiLevelLossOptions, 'temperatures' | 'instances' | 'batches' | 'classes'>
> = optionsOf<MultiLevelLossOptions>()({
  temperatures: temperatures.default([2, 3, 4, 5, 6]),
  instances: nonNegative.default(1),
  batches: nonNegative.default(1),
  classes: nonNegative.default(1),
});

/**
 * How student and teacher differ on three levels, summed over several temperatures:
 * `sum_T w_i T²/B sum_b KL(p_b || q_b) + w_b 1/B ||P P' - Q Q'||² + w_c 1/N ||P' P - Q' Q||²`.
 *
 * P are the teacher's probabilities at T, `[B, N]`, with the rows p_b, and Q the student's. `P P'` says which
 * examples the teacher finds alike, `P' P` which classes (Jin, Wang, Lin 2023).
 *
 * @param teacherLogits float32 `[B, ..., N]`, N >= 2; each position counts as an example
 * @param studentLogits float32 of the same shape
 * @param options temperatures, and the weights of the levels
 * @returns a float32 scalar >= 0 for the whole batch; no gradient flows to the teacher
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_CLASSES_MISMATCH`;
 *   `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { multiLevelLoss } from '@kd/multi-level';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const [teacher, student] = [tensor2d([4, 1, 0, 3], [2, 2]), tensor2d([2, 0, 1, 2], [2, 2])];
 * console.log((await multiLevelLoss(teacher, student, { temperatures: [1] }).data())[0]?.toFixed(4));
 * // 0.3197
 * ```
 */
export function multiLevelLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: MultiLevelLossOptions = {},
): Scalar {
  const where = 'multiLevelLoss';
  const settings = lossOptions.read(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  return tidy(() => lossOf(teacherLogits, studentLogits, settings));
}

/** `multiLevelLoss` of checked arguments. */
export function lossOf(
  teacher: Tensor,
  student: Tensor,
  { temperatures: all, instances, batches, classes }: Settings<typeof lossOptions.fields>,
): Scalar {
  const levels = all.flatMap((T) => {
    const logQ = logarithms(student, T);
    const logP = offTape(() => logarithms(teacher, T));
    const [q, p] = [exp(logQ), offTape(() => exp(logP))];
    const [rows = 0, columns = 0] = q.shape;
    const divergence = sum(mul(p, sub(logP, logQ)));
    return [
      mul(divergence, (instances * T * T) / rows),
      mul(apart(q, p, alikeRows), batches / rows),
      mul(
        apart(q, p, (x) => alikeRows(transpose(x))),
        classes / columns,
      ),
    ];
  });
  return addN(levels) as Scalar;
}

function logarithms(logits: Tensor, temperature: number): Tensor {
  return logSoftmax(reshape(div(logits, temperature), [-1, logits.shape.at(-1) as number]));
}

function alikeRows(x: Tensor): Tensor {
  return matMul(x, transpose(x));
}

/** The squared distance of what is alike for both. */
function apart(q: Tensor, p: Tensor, alike: (x: Tensor) => Tensor): Tensor {
  return sum(
    square(
      sub(
        alike(q),
        offTape(() => alike(p)),
      ),
    ),
  );
}
