import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFloat32, checkShape, describeShape, KdError } from '@kd/core';

/**
 * How far two attention maps are apart: takes those of the teacher and of the student, float32 `[B, P]` with rows of length 1, and
 * returns float32 `[B]`. `euclideanDistance`, `meanSquaredDifference`, or a function of your own that tfjs can differentiate.
 */
export type MapDistance = (teacherMap: Tensor, studentMap: Tensor) => Tensor;

/** Throws unless both are float32 `[B, P]` of equal shape, without an empty axis. */
export function checkMaps(where: string, teacherMap: unknown, studentMap: unknown): void {
  checkFloat32(where, 'teacherMap', teacherMap);
  checkFloat32(where, 'studentMap', studentMap);
  if (teacherMap.rank !== 2 || teacherMap.size === 0) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument: 'teacherMap',
      expected: 'of shape [B, positions]',
      received: describeShape(teacherMap.shape),
      remedy: 'Pass what attentionMap returns.',
    });
  }
  checkShape(where, 'studentMap', studentMap, teacherMap.shape);
}
