import { batchNormalized, defineModule, seededNormal } from '@kd/core';
import type { Module, TapPairReads } from '@kd/core';
import { matMul, mul, ones, reshape, variable, zeros } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** A 1x1 convolution and a batch normalisation, from the student's channels to the teacher's. */
export interface Embedding {
  readonly kernel: Variable;
  readonly scale: Variable;
  readonly offset: Variable;
}

/** An embedding as a module; its kernel starts as He et al. 2015 have it. */
export function embeddingModule(
  name: string,
  reads: TapPairReads,
): Module<Embedding & Readonly<Record<string, Variable>>> {
  return defineModule({
    name,
    reads,
    build: ({ student, teacher, seed }) => {
      const [from, to] = [student, teacher].map(({ features }) => features.shape.at(-1) as number) as [
        number,
        number,
      ];
      return {
        kernel: variable(mul(seededNormal([from, to], seed, 0), Math.sqrt(2 / from))),
        scale: variable(ones([to])),
        offset: variable(zeros([to])),
      };
    },
  });
}

/** The student's map `[B, H, W, D]` with the teacher's channels, `[B, H, W, C]`. */
export function embedded({ kernel, scale, offset }: Embedding, student: Tensor): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = student.shape;
  const rows = matMul(reshape(student, [-1, channels]), kernel as never);
  // Statistics of the batch, also in a validation: the embedding is not part of the student.
  const normalised = batchNormalized(rows, scale, offset);
  return reshape(normalised, [batch, height, width, kernel.shape[1] as number]);
}
