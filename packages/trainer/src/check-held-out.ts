import { cast } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { conventions, KdError } from '@kd/core';
import type { Shape, Targets } from '@kd/core';
import type { Student } from '@kd/recipe';
import { hardTarget, hardTargetFromDistributions, sigmoidHardTarget } from '@kd/soft-target-loss';
import { areDistributions } from './metrics.js';

/**
 * Rejects unless the default metrics can use the labels. A label that names no class would make the loss NaN.
 */
export async function checkLabels({ model, convention }: Student, targets: Targets): Promise<void> {
  const labels = targets.targets?.['labels'];
  if (labels === undefined) return;
  const { shape } = model.outputs[0] as { shape: Shape };
  const shapes = { student: { output: { convention, shape }, taps: [] } };
  const independent = conventions[convention].family === 'independent labels';
  if (!independent && !areDistributions(labels, shape)) {
    await hardTarget().checkBatch?.(targets, shapes);
    return;
  }
  const floats = cast(labels, 'float32');
  try {
    const term = independent ? sigmoidHardTarget() : hardTargetFromDistributions();
    await term.checkBatch?.({ ...targets, targets: { labels: floats } }, shapes);
  } finally {
    floats.dispose();
  }
}

/** Rejects sample weights that are negative or not finite, and marks other than 0 and 1. */
export async function checkWeights(where: string, { sampleWeight, labelled }: Targets): Promise<void> {
  const check = async (
    name: string,
    weights: Tensor | undefined,
    isLegal: (value: number) => boolean,
    expected: string,
  ): Promise<void> => {
    const values = (await weights?.data()) ?? new Float32Array();
    const wrong = values.findIndex((value) => !isLegal(value));
    if (wrong < 0) return;
    throw weightError(where, `${name}[${String(wrong)}]`, expected, String(values[wrong]));
  };
  await check(
    'sampleWeight',
    sampleWeight,
    (value) => Number.isFinite(value) && value >= 0,
    'finite and >= 0',
  );
  await check('labelled', labelled, (value) => value === 0 || value === 1, '0 or 1');
}

/** The error for weights of a validation set. */
export function weightError(where: string, argument: string, expected: string, received: string): KdError {
  const remedy = 'Correct the weights of the validation set, or leave them out to count every example once.';
  return new KdError({ code: 'KD_WEIGHT_RANGE', where, argument, expected, received, remedy });
}
