import { greater, reshape, where as select, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch, TeacherPrediction } from '@kd/core';

/**
 * Targets and answers of the teacher with zeros in the rows whose sample weight is zero.
 *
 * A NaN there would not reach the value of a loss, but its gradient: the backward pass multiplies it by zero, which is NaN.
 */
export function blankRowsWithoutWeight(
  batch: Batch,
  prediction: TeacherPrediction | undefined,
): { batch: Batch; prediction: TeacherPrediction | undefined } {
  const { sampleWeight, targets = {} } = batch;
  if (sampleWeight === undefined) return { batch, prediction };
  const counts = greater(sampleWeight, 0);
  const blank = (tensor: Tensor): Tensor => {
    if (tensor.dtype !== 'float32') return tensor;
    const rows = reshape(counts, [-1, ...tensor.shape.slice(1).map(() => 1)]);
    return select(rows, tensor, zerosLike(tensor));
  };
  const blanked = Object.entries(targets).map(([name, target]) => [name, blank(target)] as const);
  return {
    batch: { ...batch, ...(batch.targets === undefined ? {} : { targets: Object.fromEntries(blanked) }) },
    prediction: prediction && {
      members: prediction.members.map(({ output, weight }) => ({ output: blank(output), weight })),
      taps: prediction.taps.map(blank),
    },
  };
}
