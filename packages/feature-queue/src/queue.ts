import { defineModule, seededNormal } from '@kd/core';
import type { Module, TapPairReads, ValueInfo } from '@kd/core';
import {
  add,
  cast,
  expandDims,
  mod,
  mul,
  range,
  scalar,
  slice,
  tensorScatterUpdate,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** A linear layer from the student's features to the teacher's, and the teacher's features that came last. */
export interface Queue {
  readonly kernel: Variable;
  readonly bias: Variable;
  /** `[Q, D]`: vectors of length 1, and zeros in places that are empty. */
  readonly queue: Variable;
  /** The place of the oldest vector, a scalar. */
  readonly position: Variable;
}

/** A queue as a module, empty at the start. */
export function queueModule(
  name: string,
  reads: TapPairReads,
  size: number,
): Module<Queue & Readonly<Record<string, Variable>>> {
  return defineModule({
    name,
    reads,
    build: ({ student, teacher, seed }) => {
      const [from, to] = [lengthOf(student.features), lengthOf(teacher.features)];
      return {
        kernel: variable(mul(seededNormal([from, to], seed, 0), 1 / Math.sqrt(from))),
        bias: variable(zeros([to])),
        queue: variable(zeros([size, to]), false),
        // In float32, as a step that is one call of TensorFlow takes no other state.
        position: variable(scalar(0) as Tensor, false),
      };
    },
  });
}

function lengthOf({ shape }: ValueInfo): number {
  return shape.slice(1).reduce<number>((product, size) => product * (size ?? 1), 1);
}

/** Puts vectors in place of the oldest ones, in their order; of more than the queue holds, the last. */
export function enqueue({ queue, position }: Queue, vectors: Tensor): void {
  const [size = 0] = queue.shape;
  const [count = 0] = vectors.shape;
  const dropped = Math.max(0, count - size);
  const places = cast(mod(add(position, range(dropped, count)), size), 'int32');
  // On cpu tfjs writes into the first argument, so it gets a copy.
  queue.assign(tensorScatterUpdate(add(queue, 0), expandDims(places, 1), slice(vectors, dropped)));
  position.assign(mod(add(position, count), size));
}
