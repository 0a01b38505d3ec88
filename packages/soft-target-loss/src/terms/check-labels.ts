import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFloat32, checkShape, KdError } from '@kd/core';
import type { Targets, TermShapes } from '@kd/core';
import { checkIds } from '../check-ids.js';

/** The named target of a batch. Throws `KD_TERM_NEEDS` if it is missing. */
export function targetOf(where: string, target: string, { targets = {} }: Targets): Tensor {
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

/** Rejects if the targets of a batch are not valid labels for the student's output. */
export type CheckLabels = (
  where: string,
  target: string,
  batch: Targets,
  shapes: TermShapes,
) => Promise<void>;

/** Rejects unless all labels are class ids below the student's number of classes. */
export const checkClassIds: CheckLabels = async (where, target, batch, shapes) => {
  const labels = targetOf(where, target, batch);
  checkIds(where, `targets.${target}`, labels);
  const { positions, classes } = sizesOf(shapes, labels);
  const single = labels.rank === positions.length + 1;
  checkShape(where, `targets.${target}`, labels, single ? [...positions, 1] : positions);
  await checkLabelled(where, target, labels, batch, positions, ([id = NaN]) =>
    Number.isInteger(id) && id >= 0 && id < classes
      ? undefined
      : { expected: `a class id from 0 to ${String(classes - 1)}`, received: String(id) },
  );
};

/** Rejects unless all labels are distributions over the student's classes. */
export const checkDistributions: CheckLabels = async (where, target, batch, shapes) => {
  const labels = targetOf(where, target, batch);
  checkFloat32(where, `targets.${target}`, labels);
  const { positions, classes } = sizesOf(shapes, labels);
  checkShape(where, `targets.${target}`, labels, [...positions, classes]);
  await checkLabelled(where, target, labels, batch, positions, (distribution) => {
    const sum = distribution.reduce((a, b) => a + b, 0);
    return Math.abs(sum - 1) < 1e-3 && distribution.every((value) => value >= 0)
      ? undefined
      : {
          expected: 'numbers >= 0 that sum to one',
          received: `${list(distribution)} with sum ${String(sum)}`,
        };
  });
};

/** Rejects unless all labels lie in [0, 1]. */
export const checkIndependentLabels: CheckLabels = async (where, target, batch, shapes) => {
  const labels = targetOf(where, target, batch);
  checkFloat32(where, `targets.${target}`, labels);
  const { positions, classes } = sizesOf(shapes, labels);
  checkShape(where, `targets.${target}`, labels, [...positions, classes]);
  await checkLabelled(where, target, labels, batch, positions, (values) => {
    const wrong = values.find((value) => !(value >= 0 && value <= 1));
    return wrong === undefined ? undefined : { expected: 'in [0, 1]', received: String(wrong) };
  });
};

function list(values: readonly number[]): string {
  return `[${values.slice(0, 10).join(', ')}${values.length > 10 ? ', ...' : ''}]`;
}

/** The axes of the student's output before the classes, with unknown sizes taken from the labels. */
function sizesOf({ student }: TermShapes, labels: Tensor): { positions: number[]; classes: number } {
  const { shape } = student.output;
  return {
    positions: shape.slice(0, -1).map((size, axis) => size ?? labels.shape[axis] ?? 0),
    classes: shape.at(-1) ?? 0,
  };
}

/** Throws for the first wrong label, unless its row is unlabelled or the mask drops its position. */
async function checkLabelled(
  where: string,
  target: string,
  labels: Tensor,
  batch: Targets,
  positions: readonly number[],
  faultOf: (label: readonly number[]) => { expected: string; received: string } | undefined,
): Promise<void> {
  const mask = positions.length > 1 ? batch.mask : undefined;
  const [values, labelled, kept] = await Promise.all([labels.data(), batch.labelled?.data(), mask?.data()]);
  const count = positions.reduce((a, b) => a * b, 1);
  const width = values.length / count;
  for (let position = 0; position < count; position++) {
    const row = Math.floor((position * (positions[0] ?? 1)) / count);
    if (labelled?.[row] === 0 || kept?.[position] === 0) continue;
    const fault = faultOf(Array.from(values.subarray(position * width, (position + 1) * width)));
    if (fault === undefined) continue;
    throw new KdError({
      code: 'KD_LABEL_RANGE',
      where,
      argument: `row ${String(row)} of targets.${target}`,
      ...fault,
      remedy: 'Correct the label, or mark rows without a label with 0 in `labelled`.',
    });
  }
}
