import type { Tensor } from '@tensorflow/tfjs-core';
import { checkShape, checkTensor, describeShape, describeValue, KdError } from '@kd/core';
import type { Shape, TargetPlace, Targets } from '@kd/core';

/** A target as a term reads it. */
export interface ReadTarget {
  /** Who reads it, for messages. */
  readonly where: string;
  readonly as: TargetPlace['as'];
  /** Its name in the batch. */
  readonly target: string;
  /** Shape of the output that it is for; undefined if the term reads none. */
  readonly output: Shape | undefined;
}

type Fault = { readonly expected: string; readonly received: string } | undefined;

/** What is wrong with one label; `classes` is the last axis of the output. */
const faultOf: Readonly<Record<TargetPlace['as'], (label: readonly number[], classes: number) => Fault>> = {
  'class-ids': ([id = NaN], classes) =>
    Number.isInteger(id) && id >= 0 && id < classes
      ? undefined
      : {
          expected: Number.isFinite(classes) ? `a class id from 0 to ${String(classes - 1)}` : 'a class id',
          received: String(id),
        },
  probabilities: (label) => {
    const sum = label.reduce((a, b) => a + b, 0);
    if (Math.abs(sum - 1) < 1e-3 && label.every((value) => value >= 0)) return undefined;
    return { expected: 'numbers >= 0 that sum to one', received: `${list(label)} with sum ${String(sum)}` };
  },
  'sigmoid-probabilities': (label) => {
    const wrong = label.find((value) => !(value >= 0 && value <= 1));
    return wrong === undefined ? undefined : { expected: 'in [0, 1]', received: String(wrong) };
  },
  values: (label) => {
    const wrong = label.find((value) => !Number.isFinite(value));
    return wrong === undefined ? undefined : { expected: 'finite', received: String(wrong) };
  },
};

/**
 * Rejects a target that is missing, or that does not fit the output that it is for: `KD_TERM_NEEDS`,
 * `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_LABEL_RANGE`. Reads it back, so call it outside a step.
 *
 * Rows without labels and masked positions may hold anything.
 */
export async function checkTarget(read: ReadTarget, batch: Targets): Promise<void> {
  const { where, as, target, output } = read;
  const labels = presentTarget(read, batch);
  const argument = `targets.${target}`;
  checkTensor(where, argument, labels);
  if (labels.dtype !== 'int32' && labels.dtype !== 'float32' && labels.dtype !== 'bool')
    throw wrongType(where, argument, labels);
  const isOfIds = as === 'class-ids';
  const positions = positionsOf(labels, output, isOfIds);
  const classes = output?.at(-1) ?? (isOfIds ? Infinity : (labels.shape.at(-1) ?? 1));
  if (isOfIds) checkIdShape(where, argument, labels, positions, classes);
  else if (output !== undefined) {
    const full = [...positions, classes];
    checkShape(where, argument, labels, as === 'values' && lacksColumn(labels, full) ? positions : full);
  }
  await checkLabelled(read, labels, batch, positions, classes);
}

/** Whether values are given as `[B]` for an output `[B, 1]`. */
export function lacksColumn({ rank }: Tensor, output: Shape): boolean {
  return output.at(-1) === 1 && rank === output.length - 1;
}

function presentTarget({ where, target }: ReadTarget, { targets = {} }: Targets): Tensor {
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

function wrongType(where: string, argument: string, labels: Tensor): KdError {
  return new KdError({
    code: 'KD_TENSOR_DTYPE',
    where,
    argument,
    expected: 'an int32 or float32 tensor',
    received: describeValue(labels),
    remedy: 'Number the labels.',
  });
}

/** The axes before the classes, with unknown sizes taken from the labels. */
function positionsOf(labels: Tensor, output: Shape | undefined, isOfIds: boolean): number[] {
  // Without an output that it is for, only the numbers of a target are checked.
  if (output === undefined) return isOfIds || labels.rank === 1 ? labels.shape : labels.shape.slice(0, -1);
  // A model with a fixed batch size still has targets for all examples.
  return output.slice(0, -1).map((size, axis) => (axis === 0 ? null : size) ?? labels.shape[axis] ?? 0);
}

function checkIdShape(
  where: string,
  argument: string,
  labels: Tensor,
  positions: readonly number[],
  classes: number,
): void {
  const column = labels.rank === positions.length + 1;
  if (column && labels.shape.at(-1) === classes && classes > 1) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument,
      expected: `class ids ${describeShape(positions)}`,
      received: `${describeShape(labels.shape)}, which is one number for each class`,
      remedy: 'Read one-hot and soft labels with hardTargetFromDistributions, or take the argMax.',
    });
  }
  checkShape(where, argument, labels, column ? [...positions, 1] : positions);
}

/** Throws for the first wrong label, unless its row has none or the mask drops its position. */
async function checkLabelled(
  { where, as, target }: ReadTarget,
  labels: Tensor,
  batch: Targets,
  positions: readonly number[],
  classes: number,
): Promise<void> {
  const mask = positions.length > 1 ? batch.mask : undefined;
  const [values, labelled, kept] = await Promise.all([labels.data(), batch.labelled?.data(), mask?.data()]);
  const count = positions.reduce((a, b) => a * b, 1);
  const width = values.length / count;
  const ofMask = kept === undefined ? 1 : count / kept.length;
  for (let position = 0; position < count; position++) {
    const row = Math.floor((position * (positions[0] ?? 1)) / count);
    if (labelled?.[row] === 0 || kept?.[Math.floor(position / ofMask)] === 0) continue;
    const label = Array.from(values.subarray(position * width, (position + 1) * width));
    const fault = faultOf[as](label, classes);
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

function list(values: readonly number[]): string {
  return `[${values.slice(0, 10).join(', ')}${values.length > 10 ? ', ...' : ''}]`;
}
