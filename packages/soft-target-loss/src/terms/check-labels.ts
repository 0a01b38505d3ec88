import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFloat32, checkShape, KdError } from '@kd/core';
import type { Batch, TermShapes } from '@kd/core';

/** The named target of a batch; throws `KD_TERM_NEEDS` if there is none. */
export function targetOf(where: string, target: string, { targets = {} }: Batch): Tensor {
  const labels = targets[target];
  if (labels !== undefined) return labels;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: `batch.targets.${target}`,
    expected: 'given',
    received: Object.keys(targets).join(', ') || 'no targets',
    remedy: 'Add the labels to the data, or name the target that holds them.',
  });
}

function labelError(where: string, row: number, target: string, expected: string, received: string): KdError {
  return new KdError({
    code: 'KD_LABEL_RANGE',
    where,
    argument: `row ${String(row)} of targets.${target}`,
    expected,
    received,
    remedy: 'Correct the label, or mark rows without a label with 0 in `labelled`.',
  });
}

/** Calls `check` with the labels of each row that has one. */
async function forLabelledRows(
  labels: Tensor,
  { labelled }: Batch,
  check: (row: number, labels: ArrayLike<number>) => void,
): Promise<void> {
  const [values, known] = await Promise.all([labels.data(), labelled?.data()]);
  const width = values.length / labels.shape[0];
  for (let row = 0; row * width < values.length; row++) {
    if (known === undefined || known[row] !== 0) check(row, values.subarray(row * width, (row + 1) * width));
  }
}

/** Rejects unless all labels are class ids below the number of the student's classes. */
export async function checkClassIds(
  where: string,
  target: string,
  batch: Batch,
  shapes: TermShapes,
): Promise<void> {
  const labels = targetOf(where, target, batch);
  const classes = shapes.student.output.shape.at(-1) ?? 0;
  const expectedRank = shapes.student.output.shape.length - 1;
  const single = labels.rank === expectedRank + 1 && labels.shape.at(-1) === 1;
  if (!single)
    checkShape(where, `targets.${target}`, labels, labels.shape.slice(0, 1).concat(restOf(shapes, labels)));
  await forLabelledRows(labels, batch, (row, ids) => {
    for (const id of Array.from(ids)) {
      if (Number.isInteger(id) && id >= 0 && id < classes) continue;
      throw labelError(where, row, target, `a class id from 0 to ${String(classes - 1)}`, String(id));
    }
  });
}

/** Rejects unless all labels are distributions over the student's classes. */
export async function checkDistributions(
  where: string,
  target: string,
  batch: Batch,
  shapes: TermShapes,
): Promise<void> {
  const labels = targetOf(where, target, batch);
  const classes = shapes.student.output.shape.at(-1) ?? 0;
  checkFloat32(where, `targets.${target}`, labels);
  checkShape(where, `targets.${target}`, labels, [...labels.shape.slice(0, -1), classes]);
  await forLabelledRows(labels, batch, (row, values) => {
    for (let start = 0; start < values.length; start += classes) {
      const distribution = Array.from(values).slice(start, start + classes);
      const sum = distribution.reduce((a, b) => a + b, 0);
      if (Math.abs(sum - 1) < 1e-3 && distribution.every((value) => value >= 0)) continue;
      throw labelError(where, row, target, 'numbers >= 0 that sum to one', `the sum ${String(sum)}`);
    }
  });
}

/** Rejects unless all labels lie in [0, 1]. */
export async function checkIndependentLabels(
  where: string,
  target: string,
  batch: Batch,
  shapes: TermShapes,
): Promise<void> {
  const labels = targetOf(where, target, batch);
  checkFloat32(where, `targets.${target}`, labels);
  checkShape(where, `targets.${target}`, labels, [
    ...labels.shape.slice(0, -1),
    shapes.student.output.shape.at(-1) ?? 0,
  ]);
  await forLabelledRows(labels, batch, (row, values) => {
    const wrong = Array.from(values).find((value) => !(value >= 0 && value <= 1));
    if (wrong !== undefined) throw labelError(where, row, target, 'in [0, 1]', String(wrong));
  });
}

/** The axes between batch and classes: those of the student's output, where it knows them. */
function restOf({ student }: TermShapes, labels: Tensor): number[] {
  return student.output.shape.slice(1, -1).map((size, index) => size ?? labels.shape[index + 1] ?? 0);
}
