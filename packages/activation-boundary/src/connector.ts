import { batchNormalized, defineModule, seededNormal } from '@kd/core';
import type { Module, TapPairReads } from '@kd/core';
import { matMul, mul, ones, reshape, variable, zeros } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** A 1x1 convolution and a batch normalisation, from the student's channels to the teacher's. */
export interface Connector {
  readonly kernel: Variable;
  readonly scale: Variable;
  readonly offset: Variable;
}

/** A connector as a module. */
export function connectorModule(
  name: string,
  reads: TapPairReads,
): Module<Connector & Readonly<Record<string, Variable>>> {
  return defineModule({
    name,
    reads,
    build: ({ student, teacher, seed }) => {
      const channels = [student, teacher].map(({ features }) => features.shape.at(-1));
      const [from, to] = channels as [number, number];
      return {
        // As the authors have it: by the number of outputs.
        kernel: variable(mul(seededNormal([from, to], seed, 0), Math.sqrt(2 / to))),
        scale: variable(ones([to])),
        offset: variable(zeros([to])),
      };
    },
  });
}

/** The student's features `[B, ..., D]` as neurons of the teacher's layer, `[B, ..., C]`. */
export function connected({ kernel, scale, offset }: Connector, student: Tensor): Tensor {
  const rows = matMul(reshape(student, [-1, student.shape.at(-1) ?? 0]), kernel as never);
  // Statistics of the batch, also in a validation: the connector is not part of the student.
  const normalised = batchNormalized(rows, scale, offset);
  return reshape(normalised, [...student.shape.slice(0, -1), kernel.shape[1] ?? 0]);
}
