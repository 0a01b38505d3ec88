import { offTape, unitVectors } from '@kd/core';
import { abs, add, gather, greater, matMul, max, reshape, step, where } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Bank, News, Side } from './bank.js';
import { logScores, noiseContrast, normalizerOf } from './noise-contrast.js';

/** What a loss is computed from, besides the bank. */
export interface Contrast {
  readonly features: Readonly<Record<Side, Tensor>>;
  /** Int32 `[B]`. */
  readonly rows: Tensor;
  /** Int32 `[B, 1 + K]`: the same rows, then the negatives of each. */
  readonly candidates: Tensor;
  readonly temperature: number;
}

/** The loss in both directions, `[B]`, and what the bank is to remember. */
export function lossOfBank(
  bank: Bank,
  { features, rows, candidates, temperature }: Contrast,
): { readonly values: Tensor; readonly carry: News } {
  const datasetSize = bank.studentMemory.shape[0];
  const flat = (side: Side): Tensor => reshape(features[side], [rows.shape[0], -1]);
  const of = (side: Side, other: Side) => {
    const projected = add(matMul(flat(side), bank[`${side}Kernel`] as Tensor), bank[`${side}Bias`]);
    const embedding = unitVectors(projected, 1);
    const remembered = offTape(() => gather(bank[`${other}Memory`], candidates));
    const scores = logScores(embedding, remembered, temperature);
    const known = bank[`${side}Normalizer`];
    const normalizer = offTape(() => where(greater(known, 0), known, normalizerOf(scores, datasetSize)));
    return { embedding, normalizer, values: noiseContrast(scores, normalizer, datasetSize) };
  };
  const [student, teacher] = [of('student', 'teacher'), of('teacher', 'student')];
  return {
    values: add(student.values, teacher.values),
    carry: {
      rows,
      student: student.embedding,
      teacher: teacher.embedding,
      studentNormalizer: student.normalizer,
      teacherNormalizer: teacher.normalizer,
      // Examples that do not count come as zeros; there is nothing to remember of them.
      counts: offTape(() => step(max(abs(flat('teacher')), 1, true))),
    },
  };
}
