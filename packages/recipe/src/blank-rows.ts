import { selected } from '@kd/core';
import type { Batch, TeacherPrediction } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The targets and the teacher's answers, with zeros in the rows whose sample weight is zero.
 *
 * A NaN there would not reach the loss, but it would reach the gradient: the backward pass multiplies it by
 * zero, which is NaN.
 */
export function blankRowsWithoutWeight(
  batch: Batch,
  prediction: TeacherPrediction | undefined,
): { batch: Batch; prediction: TeacherPrediction | undefined } {
  const { sampleWeight, targets = {} } = batch;
  if (sampleWeight === undefined) return { batch, prediction };
  const blank = (tensor: Tensor): Tensor =>
    tensor.dtype === 'float32' ? selected(tensor, sampleWeight) : tensor;
  const blanked = Object.entries(targets).map(([name, target]) => [name, blank(target)] as const);
  return {
    batch: { ...batch, ...(batch.targets === undefined ? {} : { targets: Object.fromEntries(blanked) }) },
    prediction: prediction && {
      members: prediction.members.map(({ output, weight }) => ({ output: blank(output), weight })),
      taps: prediction.taps.map(blank),
    },
  };
}
