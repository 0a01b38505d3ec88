import { defineModule, seededNormal } from '@kd/core';
import type { Module, TapPairReads } from '@kd/core';
import { div, matMul, reshape, variable } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** What the term trains beside the student. */
export interface Projector {
  readonly [part: string]: Variable;
  /** `[D, C]`, from the channels of the student to those of the teacher. */
  readonly kernel: Variable;
}

/** A projector as a module: saved in checkpoints, and left out of the trained student. */
export function projectorModule(name: string, reads: TapPairReads): Module<Projector> {
  return defineModule({
    name,
    reads,
    build: ({ student, teacher, seed }) => {
      const from = student.features.shape.at(-1) as number;
      const to = teacher.features.shape.at(-1) as number;
      return { kernel: variable(div(seededNormal([from, to], seed, 0), Math.sqrt(from))) };
    },
  });
}

/** The features `[B, ..., D]` of the student with the channels of the teacher, `[B, ..., C]`. */
export function projected({ kernel }: Projector, features: Tensor): Tensor {
  const [from, to] = kernel.shape as [number, number];
  const rows = matMul(reshape(features, [-1, from]), reshape(kernel, [from, to]));
  return reshape(rows, [...features.shape.slice(0, -1), to]);
}
