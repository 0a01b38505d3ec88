import { zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Shape, TermBatch, TermShapes } from '@kd/core';

/** A batch as a recipe hands it to a term with a tap on each side. */
export function termBatch(student: Tensor, teacher?: Tensor): TermBatch {
  const [rows = 0] = student.shape;
  const output = zeros([rows, 2]);
  const members = [{ output, weight: 1 }];
  return {
    student: { output, convention: 'logits', taps: [student] },
    ...(teacher === undefined ? {} : { teacher: { members, convention: 'logits', taps: [teacher] } }),
    batch: { inputs: {} },
    time: { step: 0, epoch: 0 },
    modules: {},
  };
}

/** Shapes as a recipe hands them to a term with a tap on each side. */
export function termShapes(student: Shape, teacher: Shape): TermShapes {
  const output = { convention: 'logits', shape: [null, 2] } as const;
  return { student: { output, taps: [student] }, teacher: { output, taps: [teacher] } };
}
