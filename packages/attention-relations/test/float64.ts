// The losses by the definitions of their papers, in float64 and for one example, as references.
import { logSoftmax } from '@kd/testing/float64';

export type Matrix = readonly (readonly number[])[];

const at = <T>(list: readonly T[], index: number): T => list[index] as T;
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length;
const places = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** `log softmax(A A^T / sqrt(d))` of the columns of one relation head, among the positions of `kept`. */
function logRelations(vectors: Matrix, head: number, heads: number, kept: readonly number[]): Matrix {
  const size = at(vectors, 0).length / heads;
  const parts = vectors.map((row) => row.slice(head * size, (head + 1) * size));
  return vectors.map((_, i) =>
    logSoftmax(
      kept.map((j) => sum(at(parts, i).map((x, k) => x * at(at(parts, j), k))) / Math.sqrt(size)),
      1,
    ),
  );
}

/** Wang et al. 2021: for each position `1/R sum_r KL(p_r || q_r)`; 0 for those that are not kept. */
export function relations(
  teacher: Matrix,
  student: Matrix,
  heads: number,
  kept: readonly number[] = places(teacher.length),
): number[] {
  const byHead = places(heads).map((head) => {
    const [logP, logQ] = [teacher, student].map((x) => logRelations(x, head, heads, kept)) as [
      Matrix,
      Matrix,
    ];
    return logP.map((row, i) => sum(row.map((log, j) => Math.exp(log) * (log - at(at(logQ, i), j)))));
  });
  return teacher.map((_, i) => (kept.includes(i) ? mean(byHead.map((values) => at(values, i))) : 0));
}

/** Jiao et al. 2020: for each position the mean over heads and positions of `(S - S')²`. */
export function logits(
  teacher: readonly Matrix[],
  student: readonly Matrix[],
  {
    kept = places(at(teacher, 0).length),
    causal = false,
  }: { kept?: readonly number[]; causal?: boolean } = {},
): number[] {
  return places(at(teacher, 0).length).map((i) => {
    const seen = kept.filter((j) => !causal || j <= i);
    if (!kept.includes(i)) return 0;
    return mean(
      teacher.flatMap((scores, head) =>
        seen.map((j) => (at(at(scores, i), j) - at(at(at(student, head), i), j)) ** 2),
      ),
    );
  });
}
