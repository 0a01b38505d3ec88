import { pixels } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import type { TestPictures } from '@kd/report';

/** The models of a page: each by the name under which it is shown. */
export const shownModels = {
  teacher: 'teacher',
  alone: 'student alone',
  distilled: 'student distilled',
} as const;

/** A model of a page. */
export type ShownModel = keyof typeof shownModels;

const [classes, pictures] = [10, 6];

/**
 * The first digits that a student has learnt from its teacher; the first digits of all if there are none.
 *
 * Logits are those of all digits, `[n, 10]` in row-major order.
 */
export function learntPictures(
  { images, labels, size }: Digits,
  { teacher, alone, distilled }: Readonly<Record<ShownModel, Float32Array>>,
  temperature: number,
): TestPictures {
  const isRight = (logits: Float32Array, row: number): boolean => {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores)) === labels[row];
  };
  const all = Array.from({ length: size }, (_, row) => row);
  const learnt = all.filter(
    (row) => isRight(teacher, row) && isRight(distilled, row) && !isRight(alone, row),
  );
  const rows = (learnt.length === 0 ? all : learnt).slice(0, pictures);
  const values = new Float32Array(rows.length * pixels);
  rows.forEach((row, index) => {
    values.set(images.subarray(row * pixels, (row + 1) * pixels), index * pixels);
  });
  return {
    rows,
    images: { values, shape: [rows.length, 28, 28] },
    temperature,
    chosen:
      learnt.length === 0
        ? 'The first test digits.'
        : `The first of ${String(learnt.length)} test digits that the teacher and the distilled student get right and the student alone gets wrong.`,
  };
}
