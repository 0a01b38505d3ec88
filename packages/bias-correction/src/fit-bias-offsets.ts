import { KdError, list, numberIn, optionsOf } from '@kd/core';
import type { Column } from '@kd/data';
import { classesOf } from './classes-of.js';
import { fitOffsets } from './fit-offsets.js';
import { crossEntropyOf } from './moments.js';
import { problemOf } from './problem.js';
import type { Problem } from './problem.js';
import { readOutputs } from './read-outputs.js';

/** Options of `fitBiasOffsets`. */
export interface FitBiasOffsetsOptions {
  /** Ids of the classes to correct: those of which the transfer set has none, or too many; default: all. */
  readonly classes?: readonly number[];
}

const remedy = "Number the classes in the order of the student's outputs.";
const classId = numberIn('a class id', (x) => Number.isSafeInteger(x) && x >= 0, remedy);
const fitBiasOffsetsOptions = optionsOf<FitBiasOffsetsOptions>()({ classes: list(classId).optional() });

/** Offsets that correct a bias, and what they achieve. */
export interface BiasCorrection {
  /** The number to add to the bias of each class; 0 for classes that are not corrected. */
  readonly offsets: readonly number[];
  /** Mean cross-entropy between the teacher's and the student's probabilities without the offsets. */
  readonly before: number;
  /** The same with the offsets. */
  readonly after: number;
}

/**
 * Fits offsets for a student's biases, so that the student gives each class the same mean probability as the
 * teacher: `argmin_b mean -sum_c p_c log softmax(z + b)_c`.
 *
 * A student that was distilled without some classes predicts them too rarely (Hinton, Vinyals, Dean 2015,
 * section 3). The problem is convex; at its minimum the means of p and softmax(z + b) over the inputs are
 * equal for the corrected classes. It needs no labels: the teacher's outputs for unlabelled inputs are
 * enough. It is solved in float64 by Newton's method.
 *
 * @param teacherProbabilities float32 `[B, N]`, N >= 2, a tensor or `{ values, shape }`, at T = 1, for inputs
 *   of all classes in the proportions expected in use
 * @param studentLogits float32 `[B, N]` for the same inputs, finite
 * @param options which classes to correct
 * @returns the offsets, `N` numbers, and the mean cross-entropy without and with them; if all classes are
 *   corrected, the offsets sum to 0, because adding a constant to all of them changes nothing
 * @throws `KD_BIAS_UNBOUNDED` if the teacher gives a corrected class zero probability, or gives all of it to
 *   the corrected ones, because then no finite offset is best; `KD_PROBABILITY_RANGE` for rows that are not
 *   probabilities; `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`, `KD_BATCH_EMPTY` for options and
 *   for logits that are not finite; `KD_CLASSES_MISMATCH`, `KD_DATA_TYPE`, `KD_TENSOR_SHAPE`,
 *   `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE` for other tensors
 *
 * @example
 * ```ts
 * import { fitBiasOffsets } from '@kd/bias-correction';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * // The teacher gives class 1 a probability of 3/4; to the student both classes are equally likely.
 * const { offsets } = await fitBiasOffsets(tensor2d([[0.25, 0.75]]), tensor2d([[0, 0]]), { classes: [1] });
 * console.log(offsets.map((offset) => offset.toFixed(4)).join(' '), Math.log(3).toFixed(4));
 * // 0.0000 1.0986 1.0986
 * ```
 */
export async function fitBiasOffsets(
  teacherProbabilities: Column,
  studentLogits: Column,
  options: FitBiasOffsetsOptions = {},
): Promise<BiasCorrection> {
  const where = 'fitBiasOffsets';
  const named = fitBiasOffsetsOptions.read(where, options).classes;
  const outputs = await readOutputs(where, teacherProbabilities, studentLogits);
  const { classes } = outputs;
  const corrected = classesOf(where, named, classes);
  const correctsAll = corrected.length === classes;
  // If all classes are corrected, the last one is the reference for the others.
  const problem = problemOf(outputs, correctsAll ? corrected.slice(0, -1) : corrected);
  checkBounded(where, problem, correctsAll ? corrected : undefined);
  const fitted = fitOffsets(problem);
  const shift = correctsAll ? fitted.reduce((a, b) => a + b, 0) / classes : 0;
  const offsets = Array.from({ length: classes }, (_, index) => {
    const column = problem.free.indexOf(index);
    return (column === -1 ? 0 : (fitted[column] as number)) - shift;
  });
  return {
    offsets,
    before: crossEntropyOf(
      problem,
      fitted.map(() => 0),
    ),
    after: crossEntropyOf(problem, fitted),
  };
}

// A minimum exists if and only if the teacher gives every free class and the reference some probability.
function checkBounded(where: string, { free, targets }: Problem, all: readonly number[] | undefined): void {
  const without = targets.findIndex((target) => !(target > 0));
  if (without === -1) return;
  const named = without < free.length ? free[without] : all?.at(-1);
  throw new KdError({
    code: 'KD_BIAS_UNBOUNDED',
    where,
    argument: 'teacherProbabilities',
    expected:
      named === undefined
        ? 'above zero somewhere for a class that is not corrected'
        : `above zero somewhere for the corrected class ${String(named)}`,
    received: 'zeros only',
    remedy: 'Use inputs of all classes, or correct fewer classes.',
  });
}
