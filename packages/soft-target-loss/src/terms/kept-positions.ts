import { reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkShape, selected } from '@kd/core';
import type { Batch, TermBatch } from '@kd/core';

/**
 * A batch whose outputs are zero at masked positions, whatever they held.
 *
 * Applied before the loss, not only to its values: the backward pass would multiply the gradient of a NaN by
 * zero, which is NaN.
 */
export function keptPositions(where: string, given: TermBatch): TermBatch {
  const { student, teacher, batch } = given;
  const { output } = student;
  if (batch.mask === undefined || output.rank < 3) return given;
  const keep = keeping(where, batch.mask, output);
  const members = teacher?.members.map((member) => ({ ...member, output: keep(member.output) }));
  return {
    ...given,
    student: { ...student, output: keep(output) },
    ...(teacher === undefined || members === undefined ? {} : { teacher: { ...teacher, members } }),
  };
}

function keeping(where: string, mask: NonNullable<Batch['mask']>, output: Tensor): (x: Tensor) => Tensor {
  const positions = output.shape.slice(0, -1);
  const [rows = 0, ...others] = positions;
  checkShape(where, 'batch.mask', mask, [rows, others.reduce((product, size) => product * size, 1)]);
  const ofPositions = reshape(mask, positions);
  return (x) => selected(x, ofPositions);
}
