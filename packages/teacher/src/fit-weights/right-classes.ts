import { checkTensor, describeShape, describeValue, KdError } from '@kd/core';
import type { Batch } from '@kd/core';

/** The class ids of a batch, read back. */
export async function labelsOf(where: string, { targets }: Batch, target: string): Promise<number[]> {
  const labels = targets?.[target];
  const argument = `batch.targets.${target}`;
  checkTensor(where, argument, labels);
  if (labels.rank === 1) return Array.from(await labels.data());
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: 'class ids of shape [B]',
    received: describeShape(labels.shape),
    remedy:
      'Pass the id of the right class of each example. Convert one-hot labels with tf.argMax(labels, -1).',
  });
}

/** Throws `KD_LABEL_RANGE` for an id that is no class. */
export function checkLabels(where: string, target: string, labels: readonly number[], classes: number): void {
  const wrong = labels.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (wrong === undefined) return;
  throw new KdError({
    code: 'KD_LABEL_RANGE',
    where,
    argument: `batch.targets.${target}`,
    expected: `whole numbers from 0 to ${String(classes - 1)}`,
    received: describeValue(wrong),
    remedy: 'Remove examples without a label from the held-out set, or mark them with 0 in `labelled`.',
  });
}
