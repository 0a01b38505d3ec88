import { checkClassTensor, optionsOf, signOf, temperatureOption, withGradient } from '@kd/core';
import { abs, div, expandDims, mul, pad, reshape, slice, softmax, sub, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkSamePositions } from './same-positions.js';
import { sortedRows } from './sorted-rows.js';

const where = 'universalLogitLoss';

/** Options of `universalLogitLoss`. */
export interface UniversalLogitLossOptions {
  /** Temperature T of teacher and student, > 0; default 1. */
  readonly temperature?: number;
}

const lossOptions = optionsOf<UniversalLogitLossOptions>()({ temperature: temperatureOption.default(1) });

/**
 * Distance of the probabilities of two vocabularies, each sorted in descending order: `sum_i |p_(i) - q_(i)|`
 * at each position.
 *
 * `p = softmax(v / T)` and `q = softmax(z / T)`; the shorter one is continued by zeros. It compares how sure
 * teacher and student are, and between how many tokens they hesitate, not which tokens these are, so the
 * vocabularies need nothing in common (Boizard et al. 2024, universal logit distillation). There is no factor
 * T², as none was published. No gradient flows to the teacher.
 *
 * @param teacherLogits v, float32 `[B, ..., V]`, V >= 2, any finite values
 * @param studentLogits z, float32 `[B, ..., V']`, V' >= 2
 * @param options the temperature
 * @returns float32 `[B, ...]`, one value in [0, 2] per position
 * @throws `KD_TENSOR_SHAPE` where lengths differ or there are no two tokens, `KD_TENSOR_DTYPE`,
 *   `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`; `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { universalLogitLoss } from '@kd/sequences';
 * import { log, tensor2d } from '@tensorflow/tfjs-core';
 * const teacher = log(tensor2d([[0.2, 0.7, 0.1]]));
 * const student = log(tensor2d([[0.4, 0.6]]));
 * // |0.7 - 0.6| + |0.2 - 0.4| + |0.1 - 0|
 * console.log((await universalLogitLoss(teacher, student).data())[0]?.toFixed(4));
 * // 0.4000
 * ```
 */
export function universalLogitLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: UniversalLogitLossOptions = {},
): Tensor {
  return lossOf(teacherLogits, studentLogits, lossOptions.read(where, options).temperature);
}

/** `universalLogitLoss` at a checked temperature, which may be a scalar tensor. */
export function lossOf(teacherLogits: Tensor, studentLogits: Tensor, temperature: Tensor | number): Tensor {
  checkClassTensor(where, 'teacherLogits', teacherLogits, 2);
  checkClassTensor(where, 'studentLogits', studentLogits, 2);
  checkSamePositions(where, teacherLogits.shape, studentLogits.shape);
  return withGradient(studentLogits, (logits) => {
    const [p, q] = [teacherLogits, logits].map((z) => softmax(div(z, temperature))) as [Tensor, Tensor];
    const [teacher, student] = [sortedRows(rowsOf(p)), sortedRows(rowsOf(q))];
    const width = Math.max(widthOf(p), widthOf(q));
    const difference = sub(continued(student.values, width), continued(teacher.values, width));
    const signs = slice(signOf(difference), [0, 0], [-1, widthOf(q)]);
    const slopes = reshape(student.inOrderOfRows(signs), q.shape);
    // Through the softmax of the student.
    const gradient = div(mul(q, sub(slopes, sum(mul(q, slopes), -1, true))), temperature);
    return {
      value: reshape(sum(abs(difference), 1), q.shape.slice(0, -1)),
      saved: [gradient],
      gradient: (dy, slope) => mul(expandDims(dy, -1), slope),
    };
  });
}

const widthOf = (x: Tensor): number => x.shape.at(-1) as number;
const rowsOf = (x: Tensor): Tensor => reshape(x, [-1, widthOf(x)]);

/** Rows continued by zeros to a width. */
function continued(rows: Tensor, width: number): Tensor {
  return pad(rows, [[0, 0], [0, width - widthOf(rows)]]); // prettier-ignore
}
