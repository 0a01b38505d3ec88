import { mul, sum, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Convention, Shape, TermBatch, TermLoss, TermShapes } from '@kd/core';

/** The parts of a batch that a test sets; the rest is empty. */
export interface BatchParts {
  readonly student: Tensor;
  readonly convention?: Convention;
  /** The outputs of the teacher's members. */
  readonly teachers?: readonly Tensor[];
  readonly weights?: readonly number[];
  readonly teacherConvention?: Convention;
  readonly batch?: Partial<Batch>;
  readonly epoch?: number;
}

/** A batch as a recipe passes it to a term on outputs. */
export function termBatch(parts: BatchParts): TermBatch {
  const { student, teachers, weights = [1], batch = {}, epoch = 0 } = parts;
  const { convention = 'logits', teacherConvention = convention } = parts;
  const members = teachers?.map((output, index) => ({ output, weight: weights[index] ?? NaN }));
  return {
    student: { output: student, convention, taps: [] },
    ...(members === undefined ? {} : { teacher: { members, convention: teacherConvention, taps: [] } }),
    batch: { inputs: {}, ...batch },
    time: { step: 10 * epoch, epoch },
    modules: {},
  };
}

/** A batch as a recipe passes it to a term on taps; the outputs are zeros, which the caller disposes. */
export function tapBatch(student: readonly Tensor[], teacher?: readonly Tensor[]): TermBatch {
  const output = zeros([student[0]?.shape[0] ?? 0, 2]);
  const batch = termBatch({ student: output });
  return {
    ...batch,
    student: { ...batch.student, taps: student },
    ...(teacher === undefined
      ? {}
      : { teacher: { members: [{ output, weight: 1 }], convention: 'logits', taps: teacher } }),
  };
}

/** Shapes and conventions as a recipe passes them to a term on outputs. */
export function termShapes(
  student: Shape,
  convention: Convention,
  teacher?: Shape,
  teacherConvention: Convention = convention,
): TermShapes {
  return {
    student: { output: { convention, shape: student }, taps: [] },
    ...(teacher === undefined
      ? {}
      : { teacher: { output: { convention: teacherConvention, shape: teacher }, taps: [] } }),
  };
}

/** Shapes as a recipe passes them to a term on taps. */
export function tapShapes(
  student: readonly Shape[],
  teacher: readonly Shape[],
  tapActivations?: readonly (string | undefined)[],
): TermShapes {
  const output = { convention: 'logits', shape: [null, 2] } as const;
  return {
    student: { output, taps: student },
    teacher: { output, taps: teacher, ...(tapActivations === undefined ? {} : { tapActivations }) },
  };
}

/** The numerator of a recipe's mean: `sum w l`. */
export function weightedSum({ values, weights }: TermLoss): Tensor {
  return sum(weights === undefined ? values : mul(values, weights));
}

/** The values of a loss and of its weights. */
export async function numbersOf({
  values,
  weights,
}: TermLoss): Promise<{ values: number[]; weights?: number[] }> {
  const numbers = Array.from(await values.data());
  return weights === undefined
    ? { values: numbers }
    : { values: numbers, weights: Array.from(await weights.data()) };
}
